import type { TrainConfig } from './config.ts';
import { createRangeWatch } from './divergence.ts';
import type { MetricsLine } from './metrics-log.ts';
import { createStagnationWatch } from './stagnation-watch.ts';
import type { Notice, Watch } from './watch.ts';

/** What is watched for: the keys of the notices in the log and in `run.json`. */
export type NoticeKind = 'stagnation' | 'outOfRange';

/** A notice that has just been given. */
export type NoticeEvent = {
  readonly [Kind in NoticeKind]: Notice & { readonly kind: Kind };
}[NoticeKind];

export type Notices = Readonly<Record<NoticeKind, readonly Notice[]>>;

/** All watches on a run, with what they said and the last line that they saw. */
export interface NoticeRecord {
  /** In the run so far, the resumed part included. */
  readonly given: Notices;
  /** Takes in a line; gives what it made the watches say. */
  add(line: MetricsLine): readonly NoticeEvent[];
  latest(): MetricsLine | undefined;
}

/** A record that has seen nothing yet; one of a resumed run is given the lines of before. */
export function createNoticeRecord(config: TrainConfig): NoticeRecord {
  const watches: Readonly<Record<NoticeKind, Watch>> = {
    stagnation: createStagnationWatch(config),
    outOfRange: createRangeWatch(),
  };
  const given: Readonly<Record<NoticeKind, Notice[]>> = { stagnation: [], outOfRange: [] };
  let latest: MetricsLine | undefined;
  return {
    given,
    add(line) {
      latest = line;
      return (Object.keys(watches) as NoticeKind[]).flatMap((kind) => {
        const notice = watches[kind].add(line);
        if (notice === undefined) return [];
        given[kind].push(notice);
        return [{ kind, ...notice }];
      });
    },
    latest: () => latest,
  };
}
