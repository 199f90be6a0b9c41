import type { Evaluation } from '../evaluate-sets.ts';
import type { LabelRecord } from '../labels/label-record.ts';
import { escapeHtml, significant } from './format.ts';
import { histogram } from './histogram.ts';
import { intervalPlot } from './interval-plot.ts';
import { complexionTable, labelTable } from './label-table.ts';
import { pageScript, pageStyle } from './page-style.ts';
import type { PicturePair } from './pictures.ts';
import { realismTable } from './realism-table.ts';
import type { ReportJson } from './report-json.ts';
import { taskSection } from './task-table.ts';
import type { VerdictText } from './verdict.ts';

/** Pictures under a heading. */
export interface PictureSection {
  readonly title: string;
  readonly text: string;
  readonly pairs: readonly PicturePair[];
}

export interface PageContent {
  readonly evaluation: Evaluation;
  readonly report: ReportJson;
  readonly verdict: VerdictText;
  readonly sections: readonly PictureSection[];
}

/**
 * The report as one page that needs nothing else: verdict, numbers, pictures, distributions,
 * configuration.
 */
export function reportHtml({ evaluation, report, verdict, sections }: PageContent): string {
  const { sets } = report;
  const title = `${verdict.headline}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Lifelike evaluation: ${escapeHtml(title)}</title><style>${pageStyle}</style></head><body><main>
<section class="verdict ${verdict.tone}"><h1>${unbroken(escapeHtml(verdict.headline))}</h1>${paragraphs(verdict.grounds)}</section>
<p class="kicker">Lifelike evaluation · ${sets.pairs} refined images · ${sets.size.join('&nbsp;×&nbsp;')} pixels · ${sets.channels === 1 ? 'luma' : 'colour'}</p>
<h2>Realism</h2><div class="plots">${plots(evaluation)}</div><div class="card scroll">${realismTable(report)}</div>
${warningsOf(report)}
<h2>Labels</h2><div class="card scroll">${labelTable(evaluation.labels)}</div>
${complexions(evaluation)}
${report.task ? taskSection(report.task) : ''}
${picturesShown(report, sections)}
${sections.map(pictureSection).join('')}
<h2>Distributions</h2><div class="plots">${distributions(evaluation)}</div>
<h2>How it was measured</h2>
<p class="path">Renders: ${escapeHtml(sets.synthetic)}<br>Refined: ${escapeHtml(sets.refined)}<br>Photographs: ${escapeHtml(sets.real)}</p>
<p>The same again:</p><pre class="command">${escapeHtml(report.command)}</pre>
<details class="card"><summary>Configuration and thresholds</summary><pre>${escapeHtml(JSON.stringify({ config: report.config, thresholds: report.labels.thresholds, noiseFloor: evaluation.noiseFloor }, null, 2))}</pre></details>
</main><script>${pageScript}</script></body></html>
`;
}

function paragraphs(sentences: readonly string[]): string {
  return sentences.map((sentence) => `<p>${unbroken(escapeHtml(sentence))}</p>`).join('');
}

/** Keeps a percent sign beside its number. */
function unbroken(html: string): string {
  return html.replaceAll(' %', '&nbsp;%');
}

function warningsOf({ warnings, broken }: ReportJson): string {
  const all = [
    ...warnings,
    ...(broken.length > 0
      ? [
          `${broken.length} image(s) could not be used, first ${broken[0].name} (${broken[0].reason}).`,
        ]
      : []),
  ];
  if (all.length === 0) return '';
  const items = all.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  return `<details class="card" open><summary>What these sets cannot tell</summary><ul>${items}</ul></details>`;
}

function complexions({ labels }: Evaluation): string {
  const content = complexionTable(labels);
  if (content === '') return '';
  return `<h2>Complexion</h2><p class="soft">Mean shift of the skin’s typology angle in degrees, positive is lighter, by the complexion of the render as lit and by yaw. A refiner that pulls every face toward one complexion shows opposite signs above and below.</p><div class="card scroll">${content}</div>`;
}

function plots({ realism }: Evaluation): string {
  return realism
    .map(({ space, kernel }) => {
      const title = `Kernel distance to the photographs, ${space.name}`;
      const rows = [
        { label: 'renders', estimate: kernel.synthetic, kind: 'synthetic' },
        { label: 'refined', estimate: kernel.refined, kind: 'refined' },
        { label: 'photographs', estimate: kernel.real, kind: 'real' },
      ] as const;
      return `<figure class="card">${intervalPlot(rows, title)}<figcaption>${escapeHtml(title)}; bars are 95 % intervals. Photographs: one half against the other.</figcaption></figure>`;
    })
    .join('');
}

/** Said where a page shows a part of the pairs, so that nobody takes it for all. */
function picturesShown({ sets }: ReportJson, sections: readonly PictureSection[]): string {
  const shown = new Set(sections.flatMap(({ pairs }) => pairs.map(({ record }) => record.name)));
  if (shown.size >= sets.pairs) return '';
  const text = `Pictures of ${shown.size} of ${sets.pairs} pairs follow, which keeps this page small; what was measured of every pair is in images.jsonl beside it.`;
  return `<p class="soft">${escapeHtml(text)}</p>`;
}

function pictureSection({ title, text, pairs }: PictureSection, index: number): string {
  const controls =
    index === 0
      ? `<div class="controls"><label><input type="checkbox" id="landmarks" checked autocomplete="off"> landmarks found <i class="dot found-before"></i> before and <i class="dot found-after"></i> after</label><label>all sliders <input type="range" id="all" value="50" autocomplete="off"></label></div>`
      : '';
  return `<h2>${escapeHtml(title)}</h2><p class="soft">${escapeHtml(text)} Left of the line the render, right of it the refined image.</p>${controls}<div class="grid">${pairs.map(slider).join('')}</div>`;
}

function slider({ record, width, height, before, after, landmarks }: PicturePair): string {
  const radius = Math.max(width, height) / 150;
  const dots = (points: readonly (readonly [number, number])[], kind: string) =>
    points
      .map(
        ([x, y]) =>
          `<circle class="${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(2)}"/>`,
      )
      .join('');
  const drawing = landmarks
    ? `<svg viewBox="0 0 ${width} ${height}">${dots(landmarks.before, 'found-before')}${dots(landmarks.after, 'found-after')}</svg>`
    : '';
  const name = escapeHtml(record.name);
  const size = `width="${width}" height="${height}"`;
  return `<figure><div class="slider"><img src="${before}" ${size} alt="${name}, render"><img class="after" src="${after}" ${size} alt="${name}, refined">${drawing}<input type="range" value="50" autocomplete="off" aria-label="Compare ${name}"></div><figcaption>${caption(record)}</figcaption></figure>`;
}

function caption(record: LabelRecord): string {
  const parts = [
    record.driftPixels === undefined
      ? 'no face found'
      : `drift ${significant(record.driftPixels, 2)} px`,
    ...(record.identityCosine === undefined
      ? []
      : [`identity ${significant(record.identityCosine)}`]),
    `ΔE ${significant(record.colorDifference, 2)}`,
  ];
  const reasons = record.reasons.map((reason) => `<br>${escapeHtml(reason)}`).join('');
  const measured = parts.map((part) => part.replaceAll(' ', '&nbsp;')).join(' · ');
  return `${escapeHtml(record.name)} <span class="tag ${record.verdict}">${record.verdict}</span><br>${measured}${reasons}`;
}

function distributions({ records, noiseFloor, thresholds }: Evaluation): string {
  const values = (of: (record: LabelRecord) => number | undefined) =>
    records.map(of).filter((value) => value !== undefined);
  const charts = [
    histogram(
      values((r) => r.driftOfEyes),
      {
        title: 'Landmark drift',
        unit: 'of the distance between the eyes',
        marks: [
          { at: noiseFloor.meanOfEyes, label: 'noise floor' },
          { at: thresholds.landmarkDrift, label: 'threshold' },
        ],
      },
    ),
    histogram(
      values((r) => r.identityCosine),
      {
        title: 'Identity cosine',
        unit: '',
        marks: [{ at: thresholds.identityCosine, label: 'threshold' }],
      },
    ),
    histogram(
      values((r) => r.typologyShift),
      {
        title: 'Shift of the complexion (ITA)',
        unit: 'degrees',
        marks: [
          { at: -thresholds.complexionShift, label: 'threshold' },
          { at: thresholds.complexionShift, label: 'threshold' },
        ],
      },
    ),
    histogram(
      values((r) => r.edgeDisplacement),
      {
        title: 'Edges off their masks',
        unit: 'pixels',
      },
    ),
    histogram(
      values((r) => r.structuralSimilarity),
      { title: 'Structure (SSIM)', unit: '' },
    ),
    histogram(
      values((r) => r.colorDifference),
      { title: 'Colour change (ΔE₀₀)', unit: '' },
    ),
  ];
  return charts
    .filter((chart) => chart !== '')
    .map((chart) => `<div class="card">${chart}</div>`)
    .join('');
}
