import type { Notices } from '../train/notices.ts';

/** What a run said about itself, kind by kind; `run.json` of an older version has fewer kinds. */
export function noticeLines({ stagnation = [], outOfRange = [] }: Partial<Notices>): string[] {
  return [...stagnation, ...outOfRange].map(({ message }) => message);
}
