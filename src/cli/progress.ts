import { finishedLine, type ProgressState, progressLine } from './progress-text.ts';

export interface ProgressOptions {
  /** Plural, such as `images`. */
  readonly unit: string;
  /** How many there will be, where that is known. */
  readonly total?: number | undefined;
  /** How many are done at the start (a resumed run); they do not count for the rate. */
  readonly done?: number;
}

export interface ProgressUpdate {
  /** Shown at the end of the line, such as `loss 0.43`. */
  readonly note?: string;
  /** Where something else than `total` ends the work, such as a time budget. */
  readonly secondsLeft?: number;
}

/** The progress of one piece of work. */
export interface ProgressBar {
  /** As often as there is news: what is drawn is thinned out. */
  readonly update: (done: number, update?: ProgressUpdate) => void;
  /** Leaves a last line with the whole time. */
  readonly end: () => void;
}

/** Progress lines and log lines on one stream, which never mix within a line. */
export interface Progress {
  /** Begins a piece of work; one at a time, so an earlier one that did not end is dropped. */
  readonly start: (label: string, options: ProgressOptions) => ProgressBar;
  readonly log: (line: string) => void;
  /** Takes an unfinished progress line off the terminal. */
  readonly clear: () => void;
}

export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** One line is rewritten on a terminal; elsewhere a plain line is written now and then. */
  readonly isTerminal: boolean;
  /** Width of the terminal in letters; 0 where it is not known, as some terminals say. */
  readonly columns: () => number;
  /** Milliseconds that never go back, such as `performance.now`. */
  readonly now: () => number;
}

const redrawMs = 100;
const plainLineMs = 5000;
/** The rate is that of the last seconds, so that it follows a machine that slows down. */
const rateWindowMs = 20_000;
const eraseLine = '\r\u001b[2K';

type Sample = readonly [time: number, done: number];

function recentRate(samples: Sample[], [time, done]: Sample): number | undefined {
  while (samples.length > 2 && samples[1][0] <= time - rateWindowMs) samples.shift();
  const [oldTime, oldDone] = samples[0];
  return time > oldTime && done > oldDone
    ? ((done - oldDone) * 1000) / (time - oldTime)
    : undefined;
}

/** Progress on a stream; the command line makes one a process. */
export function createProgress(output: ProgressOutput): Progress {
  const { write, isTerminal, columns, now } = output;
  let current = '';

  function clear() {
    if (current !== '') write(eraseLine);
    current = '';
  }
  function log(line: string) {
    const interrupted = current;
    clear();
    write(`${line}\n`);
    current = interrupted;
    if (current !== '') write(current);
  }
  function draw(line: string) {
    // The last column stays free: a full line makes some terminals wrap.
    current = line.slice(0, Math.max(1, (columns() || 80) - 1));
    write(`${eraseLine}${current}`);
  }

  function start(label: string, { unit, total, done: initial = 0 }: ProgressOptions): ProgressBar {
    clear();
    const began = now();
    const samples: Sample[] = [[began, initial]];
    let drawn = isTerminal ? Number.NEGATIVE_INFINITY : began;
    let latest: ProgressState = { label, unit, total, done: initial };

    function update(done: number, { note, secondsLeft }: ProgressUpdate = {}) {
      const time = now();
      latest = { label, unit, total, done, note };
      if (time - drawn < (isTerminal ? redrawMs : plainLineMs)) return;
      drawn = time;
      const perSecond = recentRate(samples, [time, done]);
      samples.push([time, done]);
      const left =
        secondsLeft ??
        (total === undefined || perSecond === undefined ? undefined : (total - done) / perSecond);
      const line = progressLine({ ...latest, perSecond, secondsLeft: left });
      if (isTerminal) draw(line);
      else write(`${line}\n`);
    }
    function end() {
      clear();
      const seconds = (now() - began) / 1000;
      const perSecond = seconds > 0 ? (latest.done - initial) / seconds : undefined;
      write(`${finishedLine({ ...latest, perSecond }, seconds)}\n`);
    }
    return { update, end };
  }
  return { start, log, clear };
}
