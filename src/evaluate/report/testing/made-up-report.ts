import { readFile } from 'node:fs/promises';
import { normal, randomKey, split, uniform } from '../../../base/random.ts';
import type { ColorImage, Landmarks } from '../../../faces/index.ts';
import { resolveThresholds } from '../../../refine/verification/judge-image.ts';
import { fixtureRender } from '../../../refine/verification/testing/picture-files.ts';
import { recolored } from '../../../refine/verification/testing/pictures.ts';
import { evaluateConfigSchema } from '../../config.ts';
import type { Evaluation } from '../../evaluate-sets.ts';
import type { LabelRecord } from '../../labels/label-record.ts';
import { summarizeLabels } from '../../labels/summarize-labels.ts';
import { matrixFromRows } from '../../linear-algebra/matrix.ts';
import { measureRealism } from '../../realism/measure-realism.ts';
import type { SpaceRealism } from '../../realism/measure-spaces.ts';
import { choosePictures } from '../choose-pictures.ts';
import { type PicturePair, pictureUrl } from '../pictures.ts';
import { reportHtml } from '../report-html.ts';
import { reportJson } from '../report-json.ts';
import { verdictOf } from '../verdict.ts';

const config = evaluateConfigSchema.parse({});
const floor = { images: 9, meanPixels: 0.7, meanOfEyes: 0.03, percentile95OfEyes: 0.05 };
const key = randomKey(config.seed);

/** The page of an evaluation of so many images that never took place; no network runs. */
export async function madeUpReport(
  images: number,
  pictureOf: (record: LabelRecord) => Promise<PicturePair>,
): Promise<string> {
  const evaluation = madeUpEvaluation(images);
  const verdict = verdictOf(evaluation);
  const command = `lifelike evaluate --synthetic ${evaluation.folders.synthetic} --refined refined --real photographs --out report`;
  const report = reportJson(evaluation, { config, command }, verdict.headline);
  const groups = choosePictures(evaluation.records, key);
  const sections = await Promise.all(
    groups.map(async ({ title, text, records }) => {
      return { title, text, pairs: await Promise.all(records.map(pictureOf)) };
    }),
  );
  return reportHtml({ evaluation, report, verdict, sections });
}

function madeUpEvaluation(images: number): Evaluation {
  const records = Array.from({ length: images }, (_, i) => madeUpRecord(i));
  return {
    // Long words and markup are what breaks a page.
    folders: {
      synthetic: `/renders/${'very-long-folder-name-'.repeat(6)}`,
      refined: 'refined',
      real: 'a<b>&c',
    },
    form: { size: { height: 64, width: 64 }, channels: 3 },
    pairs: records.map(({ name }) => ({ name, input: name, refined: name, setAside: false })),
    realism: [
      madeUpSpace('inception-mixed5', 'kid-inception-mixed5', 'fd-inception-mixed5'),
      madeUpSpace(
        'fid (user network, sha256 0123456789abcdef)',
        'fid, kernel distance (user network, sha256 0123456789abcdef)',
        'fid (user network, sha256 0123456789abcdef)',
      ),
    ],
    classifier: {
      synthetic: { accuracy: 0.96, low: 0.94, high: 0.97, images: 300 },
      refined: { accuracy: 0.9, low: 0.87, high: 0.92, images: 300 },
      real: { accuracy: 0.5, low: 0.46, high: 0.54, images: 300 },
      steps: 80,
    },
    labels: summarizeLabels(records, floor, key),
    records,
    noiseFloor: floor,
    thresholds: resolveThresholds(config.verification, floor),
    broken: [{ name: 'broken.png', reason: 'no image' }],
    warnings: ['inception-mixed5: few images in many dimensions.'],
    task: {
      task: 'landmarks',
      measure: 'normalised mean error',
      better: 'less',
      testItems: 100,
      budget: { steps: 1200, seeds: 3, batchSize: 32 },
      rows: ['renders', 'renders, strong augmentation', 'refined'].map((name, i) => {
        return { name, trainingImages: images, mean: 0.1 - i / 100, low: 0.08, high: 0.11 };
      }),
      improvement: { value: 0.1, low: 0.05, high: 0.15 },
      adapted: {
        rows: ['renders', 'renders, strong augmentation', 'refined'].map((name, i) => {
          return { name, trainingImages: images, mean: 0.06 - i / 100, low: 0.03, high: 0.07 };
        }),
        improvement: { value: 0.2, low: -0.05, high: 0.35 },
      },
    },
  };
}

function madeUpRecord(i: number): LabelRecord {
  const [drift, shade, turn] = uniform(split(key, 'record', i), 3);
  const rejected = i % 9 === 5;
  const found = i % 11 !== 3;
  return {
    name: i % 4 === 0 ? `${'subject-000123-expression-'.repeat(3)}${i}.png` : `${i}.png`,
    verdict: rejected ? 'rejected' : found ? 'accepted' : 'unverifiable',
    reasons: rejected ? ['complexion moved by 16.2 degrees, the threshold is 15'] : [],
    structuralSimilarity: 0.9 + drift / 20,
    colorDifference: 3 * shade,
    edgeDisplacement: drift / 10,
    ...(found && {
      driftPixels: 2 * drift,
      driftOfEyes: 0.06 * drift,
      errorBefore: 3,
      errorAfter: 3 + drift / 5,
      identityCosine: 1 - drift / 20,
      faceFoundAfter: true,
      typologyAngle: 120 * shade - 60,
      typologyShift: 8 * drift - 4,
      lightnessShift: drift,
      yaw: 90 * turn - 45,
    }),
  };
}

function madeUpSpace(name: string, kernel: string, frechet: string): SpaceRealism {
  const features = (label: string, shift: number) =>
    matrixFromRows(
      Array.from({ length: 40 }, (_, i) => normal(split(key, label, i), 6).map((v) => v + shift)),
    );
  const sets = {
    synthetic: features('synthetic', 1),
    refined: features('refined', 0.4),
    real: features('real', 0),
  };
  return {
    ...measureRealism(sets, { key, replicates: 20 }),
    space: {
      name,
      metrics: { kernel, frechet },
      dimensions: 6,
      comparableWith: 'Only with numbers of this same space, measured by this program.',
    },
    images: { pairs: 40, real: 40 },
  };
}

/** Makes pairs of the fixtures' render in other light, with the landmarks that belong to it. */
export async function renderPictures(): Promise<(record: LabelRecord) => Promise<PicturePair>> {
  const render = await fixtureRender();
  const path = new URL('../../../faces/fixtures/face-landmarks.json', import.meta.url);
  const found: readonly number[] = JSON.parse(await readFile(path, 'utf8')).render;
  const { width, height } = render;
  const size = { width, height };
  const landmarks = (dx: number): Landmarks =>
    Array.from({ length: 68 }, (_, i) => [found[2 * i] * width + dx, found[2 * i + 1] * height]);
  const urls = [
    await pictureUrl(render, size),
    await pictureUrl(
      recolored(render, (v, c) => 0.8 * v + [50, 30, 10][c]),
      size,
    ),
  ];
  return async (record) => ({
    record,
    ...size,
    before: urls[0],
    after: urls[1],
    ...(record.driftPixels !== undefined && {
      landmarks: { before: landmarks(0), after: landmarks(record.driftPixels) },
    }),
  });
}

/** Makes pairs of noise of a size, which no picture file compresses. */
export async function noisePictures(
  side: number,
): Promise<(record: LabelRecord) => Promise<PicturePair>> {
  const size = { width: side, height: side };
  const noise = (label: string): ColorImage => ({
    ...size,
    pixels: Uint8Array.from(uniform(split(key, label), 3 * side * side), (u) => 256 * u),
  });
  const before = await pictureUrl(noise('before'), size);
  const after = await pictureUrl(noise('after'), size);
  return async (record) => ({ record, ...size, before, after });
}
