import type { Interval } from './bootstrap.ts';

/** Wilson's interval (1927) of a share at 95 %: `hits` of `count`. */
export function wilsonInterval(hits: number, count: number): Interval {
  const z = 1.959964;
  const p = hits / count;
  const centre = p + z ** 2 / (2 * count);
  const margin = z * Math.sqrt((p * (1 - p)) / count + z ** 2 / (4 * count ** 2));
  const scale = 1 + z ** 2 / count;
  return { low: (centre - margin) / scale, high: (centre + margin) / scale };
}
