/** Seconds as people say them: `42 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A rate with three digits: `124 images/s`, `57.3 images/s`, `0.42 steps/s`. */
export function formatRate(perSecond: number, unit: string): string {
  const digits = perSecond >= 100 ? 0 : perSecond >= 10 ? 1 : 2;
  return `${perSecond.toFixed(digits)} ${unit}/s`;
}

/** What a progress line says; parts that are undefined are left out. */
export interface ProgressState {
  readonly label: string;
  readonly unit: string;
  readonly done: number;
  readonly total?: number | undefined;
  readonly perSecond?: number | undefined;
  readonly secondsLeft?: number | undefined;
  readonly note?: string | undefined;
}

/** One line: `Rendering  412/1000 images  57.3 images/s  10 s left  note`. */
export function progressLine(state: ProgressState): string {
  const { label, unit, done, total, perSecond, secondsLeft, note } = state;
  const parts = [label, `${done}${total === undefined ? '' : `/${total}`} ${unit}`];
  if (perSecond !== undefined) parts.push(formatRate(perSecond, unit));
  if (secondsLeft !== undefined) parts.push(`${formatDuration(secondsLeft)} left`);
  if (note) parts.push(note);
  return parts.join('  ');
}

/** The last line of work that ended: `Rendering  1000/1000 images  57.3 images/s  in 17 s`. */
export function finishedLine(state: ProgressState, seconds: number): string {
  const { note, ...rest } = state;
  const line = progressLine({ ...rest, secondsLeft: undefined });
  return [line, `in ${formatDuration(seconds)}`, ...(note ? [note] : [])].join('  ');
}
