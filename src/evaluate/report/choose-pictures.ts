import { permutation, type RandomKey } from '../../base/random.ts';
import type { LabelRecord } from '../labels/label-record.ts';

/** Which pairs a report shows, as groups with a heading. */
export interface PictureGroup {
  readonly title: string;
  readonly text: string;
  readonly records: readonly LabelRecord[];
}

const [drawnAtRandom, atEachEnd] = [24, 8];

/** Pairs drawn at random, those whose landmarks drifted most and least, and rejected ones. */
export function choosePictures(records: readonly LabelRecord[], key: RandomKey): PictureGroup[] {
  const random = Array.from(permutation(key, records.length).slice(0, drawnAtRandom)).sort(
    (p, q) => p - q,
  );
  const measured = records
    .filter(({ driftOfEyes }) => driftOfEyes !== undefined)
    .toSorted((p, q) => (q.driftOfEyes ?? 0) - (p.driftOfEyes ?? 0));
  const rejected = records.filter(({ verdict }) => verdict === 'rejected');
  const shown = Array.from(permutation(key, rejected.length).slice(0, atEachEnd));
  const groups: readonly PictureGroup[] = [
    {
      title: 'Before and after',
      text: 'Drawn at random, not chosen.',
      records: random.map((i) => records[i]),
    },
    {
      title: 'Worst by drift',
      text: 'The images whose landmarks moved most.',
      records: measured.slice(0, atEachEnd),
    },
    {
      title: 'Best by drift',
      text: 'The images whose landmarks moved least.',
      records: measured.slice(-atEachEnd).reverse(),
    },
    {
      title: 'Rejected',
      text: `${rejected.length} in all; these are drawn at random.`,
      records: shown.map((i) => rejected[i]),
    },
  ];
  return groups.filter((group) => group.records.length > 0);
}
