import { join } from 'node:path';
import { spread } from '../base/spread.ts';
import { openDataset } from '../data/dataset.ts';
import { BrokenImageError } from '../data/decode.ts';
import { faceLandmarks, pointsOf, readLandmarks } from '../data/landmarks.ts';
import type { Landmarks } from '../faces/index.ts';
import { type Backdrop, measureBackdrop } from './backdrop.ts';
import { acceptedDifference } from './compare-framing.ts';
import { kolmogorovSmirnov, type Summary, summarize } from './statistics.ts';

/** Images a side that are looked at. */
const most = 400;
/** Fewer say nothing of a set. */
const fewest = 20;

/** How the backdrops of two sets differ. */
export interface BackdropComparison {
  readonly synthetic: Readonly<Record<Measured, Summary>>;
  readonly real: Readonly<Record<Measured, Summary>>;
  /** One sentence each. */
  readonly warnings: readonly string[];
  /** `--set` texts for `lifelike render` that would bring its backdrops nearer. */
  readonly renderSettings: readonly string[];
}

const measured = ['saturation', 'brightness', 'unevenness'] as const;
type Measured = (typeof measured)[number];

/** The renderer draws `min + (max − min) · uᵉ`, u even in 0 … 1. */
const exponents = { saturation: 1.4, brightness: 1.6 } as const;
const limits = { saturation: 1, brightness: 0.95 } as const;

const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));
const median = ({ quantiles }: Summary) => quantiles[3];

/**
 * The range whose draws have the quartiles of a summary, as settings. They are those of the colour
 * that a backdrop is drawn from; at a `variety` of 1 the colours that one sees scatter about it.
 */
function rangeOf(name: keyof typeof exponents, { quantiles }: Summary): string[] {
  const [lower, upper] = [0.25, 0.75].map((share) => share ** exponents[name]);
  const width = (quantiles[4] - quantiles[2]) / (upper - lower);
  const min = Math.min(Math.max(quantiles[2] - lower * width, 0), limits[name]);
  // Where the lower end is cut off, the upper quartile still holds.
  const max = Math.min(min + (quantiles[4] - min) / upper, limits[name]);
  return [`background.${name}.min=${rounded(min)}`, `background.${name}.max=${rounded(max)}`];
}

/** The mean hue in degrees and how much hues agree with it, 0 … 1; greys have little say. */
function meanHue(backdrops: readonly Backdrop[]) {
  let [x, y, total] = [0, 0, 0];
  for (const { hue, saturation } of backdrops) {
    x += saturation * Math.cos((hue * Math.PI) / 180);
    y += saturation * Math.sin((hue * Math.PI) / 180);
    total += saturation;
  }
  const mean = ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
  return { mean, agreement: total === 0 ? 0 : Math.hypot(x, y) / total };
}

/** Degrees of a hue from another, −180 … 180. */
const turnFrom = (from: number, hue: number) => ((hue - from + 540) % 360) - 180;

/** Settings where the photographs' backdrops have one hue that the renders' have not. */
function hueSettings(synthetic: readonly Backdrop[], real: readonly Backdrop[]): string[] {
  const [ours, theirs] = [meanHue(synthetic), meanHue(real)];
  const isOne = theirs.agreement > 0.8 && median(summarize(real.map((b) => b.saturation))) > 0.1;
  const isSame = ours.agreement > 0.8 && Math.abs(turnFrom(ours.mean, theirs.mean)) < 15;
  if (!isOne || isSame) return [];
  const { quantiles } = summarize(real.map(({ hue }) => turnFrom(theirs.mean, hue)));
  // An even draw with these quartiles reaches half of their distance beyond each.
  const beyond = (quantiles[4] - quantiles[2]) / 2;
  const [min, max] = [quantiles[2] - beyond, quantiles[4] + beyond].map((turn) =>
    Math.round(theirs.mean + turn),
  );
  return [`background.hue.min=${min}`, `background.hue.max=${max}`];
}

/** Compares backdrops, at least one on each side. */
export function compareBackdrops(
  synthetic: readonly Backdrop[],
  real: readonly Backdrop[],
): BackdropComparison {
  const summaries = (side: readonly Backdrop[]) =>
    Object.fromEntries(
      measured.map((name) => [name, summarize(side.map((backdrop) => backdrop[name]))]),
    ) as Record<Measured, Summary>;
  const [ours, theirs] = [summaries(synthetic), summaries(real)];
  const differing = measured.filter((name) => {
    const [first, second] = [synthetic, real].map((side) => side.map((b) => b[name]));
    const { statistic, pValue } = kolmogorovSmirnov(first, second);
    return statistic > acceptedDifference && pValue < 0.01;
  });
  const hue = hueSettings(synthetic, real);
  const side = ({ quantiles: q }: Summary) =>
    `${rounded(q[3])} (${rounded(q[1])} to ${rounded(q[5])})`;
  return {
    synthetic: ours,
    real: theirs,
    warnings: [
      ...differing.map(
        (name) =>
          `${name} of backdrops differs: renders ${side(ours[name])}, photographs ${side(theirs[name])}.`,
      ),
      ...(hue.length === 0
        ? []
        : [
            `hue of backdrops differs: photographs ${Math.round(meanHue(real).mean)} degrees, renders have others.`,
          ]),
    ],
    // Even cloth alone would be as even as the photographs', and farther from them: it has no
    // texture.
    renderSettings: [
      ...hue,
      ...(['saturation', 'brightness'] as const).flatMap((name) =>
        differing.includes(name) ? rangeOf(name, theirs[name]) : [],
      ),
    ],
  };
}

/** An image with its landmarks, in pixels. */
export interface AnnotatedImage {
  readonly path: string;
  readonly landmarks: Landmarks;
}

/**
 * The backdrops of a dataset's images that have 68 landmarks, of a large one {@link most} of them.
 */
export async function readBackdrops(
  directory: string,
  signal?: AbortSignal,
): Promise<readonly Backdrop[]> {
  const dataset = await openDataset(directory);
  const found = await readLandmarks(dataset);
  const images = dataset.images.flatMap((name): AnnotatedImage[] => {
    const points = faceLandmarks(found.get(name));
    if (points === undefined) return [];
    return [{ path: join(dataset.directory, name), landmarks: pointsOf(points) }];
  });
  return measureBackdrops(images, signal);
}

/**
 * The backdrops of at most {@link most} images, evenly spread; those that cannot be read are left
 * out.
 */
export async function measureBackdrops(
  images: readonly AnnotatedImage[],
  signal?: AbortSignal,
): Promise<readonly Backdrop[]> {
  const backdrops: Backdrop[] = [];
  for (const { path, landmarks } of spread(images, most)) {
    signal?.throwIfAborted();
    const backdrop = await measureBackdrop(path, landmarks).catch((error: unknown) => {
      if (error instanceof BrokenImageError) return undefined;
      throw error;
    });
    if (backdrop !== undefined) backdrops.push(backdrop);
  }
  return backdrops;
}

/** The same where both sides have enough images; undefined where they have not. */
export function compareEnoughBackdrops(
  synthetic: readonly Backdrop[],
  real: readonly Backdrop[],
): BackdropComparison | undefined {
  const enough = synthetic.length >= fewest && real.length >= fewest;
  return enough ? compareBackdrops(synthetic, real) : undefined;
}
