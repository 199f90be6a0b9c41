import type { TaskResult } from '../tasks/compare-arms.ts';
import { escapeHtml, estimateCell, percent, significant } from './format.ts';
import { table } from './table.ts';

const testedOn = {
  landmarks:
    'labelled photographs, each shown in several frames as wrong as those of a face detector',
  recognition: 'pairs of photographs',
  detection: 'windows of photographs',
} as const;

/** What training on each set was worth on labelled photographs, as HTML. */
export function taskSection(result: TaskResult): string {
  const { budget, measure, better, testItems, rows, adapted, blind } = result;
  const text = [
    `The same network, ${budget.steps} steps of ${budget.batchSize} images, ${budget.seeds} seeds a set, tested on ${testItems} ${testedOn[result.task]}: ${measure}.`,
    `${better === 'less' ? 'Less' : 'More'} is better.`,
    ...(blind === undefined
      ? []
      : [`A network that sees nothing has ${significant(blind)} after label adaptation.`]),
  ].join(' ');
  const content = table(
    [
      'training images',
      better === 'less' ? 'error' : 'score',
      ...(adapted ? ['after label adaptation'] : []),
    ],
    rows.map((row, i) => ({
      name: row.name,
      cells: [
        String(row.trainingImages),
        ...[row, ...(adapted ? [adapted.rows[i]] : [])].map((each) =>
          estimateCell(each.mean, each),
        ),
      ],
      comparableWith: 'The other rows: same network, budget and photographs.',
    })),
  );
  return `<h2>Usefulness: ${result.task}</h2>${improvementTexts(result)
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('')}<p class="soft">${escapeHtml(text)}</p><div class="card scroll">${content}</div>`;
}

/** What refinement was worth, as labelled and, where it was measured, after label adaptation. */
export function improvementTexts({ improvement, adapted }: TaskResult): string[] {
  return [
    improvementText(improvement),
    ...(adapted
      ? [
          `After label adaptation (the mean offset of each point on the other photographs taken away): ${improvementText(adapted.improvement)}`,
        ]
      : []),
  ];
}

/** Both sides augmented, because augmentation alone helps a lot. */
export function improvementText({ value, low, high }: TaskResult['improvement']): string {
  const range = `95 % interval ${percent(low)} to ${percent(high)}`;
  const against = 'against the renders, both with strong augmentation';
  if (low > 0) return `Refinement lowers the error by ${percent(value)} ${against} (${range}).`;
  if (high < 0) return `Refinement raises the error by ${percent(-value)} ${against} (${range}).`;
  return `Refinement makes no measurable difference ${against}: ${percent(value)} less error (${range}).`;
}
