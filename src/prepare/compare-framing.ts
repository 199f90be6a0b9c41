import {
  type FramedFace,
  type FramingQuantity,
  framingQuantities,
  readFramedFaces,
} from './framed-faces.ts';
import {
  type KolmogorovSmirnov,
  kolmogorovSmirnov,
  type Summary,
  summarize,
} from './statistics.ts';

/** How well one quantity of two sets matches. */
export interface QuantityComparison extends KolmogorovSmirnov {
  readonly synthetic: Summary;
  readonly real: Summary;
  /**
   * Whether the difference is worth a word: a statistic above 0.2 that is hardly chance (p < 0.01)
   * and a quantile that is off by more than one sees (a hundredth of the image, one degree).
   */
  readonly differs: boolean;
}

/** How well the framing and the pose of two sets match. */
export interface FramingComparison {
  readonly quantities: Readonly<Record<FramingQuantity, QuantityComparison>>;
  /** One sentence for each quantity that differs, worst first. */
  readonly warnings: readonly string[];
  /**
   * `--set` texts for `lifelike render` that would bring yaw and pitch nearer; empty where they
   * match.
   */
  readonly renderSettings: readonly string[];
}

/** The largest Kolmogorov-Smirnov statistic that is no difference worth a word. */
export const acceptedDifference = 0.2;

/** Quantiles nearer than this are equal to the eye. */
const negligible: Readonly<Record<FramingQuantity, number>> = {
  scale: 0.01,
  centerX: 0.01,
  centerY: 0.01,
  roll: 1,
  yaw: 1,
  pitch: 1,
};

const descriptions: Readonly<Record<FramingQuantity, string>> = {
  scale: 'size of the face as a share of the image',
  centerX: 'horizontal place of the face',
  centerY: 'vertical place of the face',
  roll: 'turn of the face in the image plane, degrees',
  yaw: 'turn of the head to the side, degrees',
  pitch: 'nod of the head, degrees',
};

/**
 * What cropping cannot change: the renderer's key, and the error (root mean square, degrees) of a
 * pose that is estimated from landmarks, measured on renders.
 */
const poseQuantities = {
  yaw: { key: 'pose.yaw', error: 3.8 },
  pitch: { key: 'pose.pitch', error: 5.5 },
} as const;

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

function warningFor(quantity: FramingQuantity, comparison: QuantityComparison): string {
  const digits = quantity === 'scale' || quantity.startsWith('center') ? 3 : 1;
  const side = ({ quantiles }: Summary) =>
    `${rounded(quantiles[3], digits)} (${rounded(quantiles[1], digits)} to ${rounded(quantiles[5], digits)})`;
  const { synthetic, real, statistic } = comparison;
  return `${quantity} (${descriptions[quantity]}) differs: renders ${side(synthetic)}, photographs ${side(real)}, Kolmogorov-Smirnov ${statistic.toFixed(2)}.`;
}

/**
 * Nine in ten heads of a set without poses that are drawn evenly between wide limits turn less,
 * degrees.
 */
const narrowYaw = 25;

/**
 * Means and deviations of the photographs, less the estimate's error, as settings of the renderer.
 */
function settingsFor(quantities: FramingComparison['quantities']): string[] {
  const { differs, real } = quantities.yaw;
  const isNarrow = [real.quantiles[1], real.quantiles[5]].every((yaw) => Math.abs(yaw) < narrowYaw);
  const wide = differs && isNarrow ? ['pose.wide=0'] : [];
  const bells = (['yaw', 'pitch'] as const).flatMap((quantity) => {
    const { key, error } = poseQuantities[quantity];
    const { differs, real } = quantities[quantity];
    if (!differs) return [];
    const deviation = Math.sqrt(Math.max(real.deviation ** 2 - error ** 2, 1));
    return [`${key}.mean=${rounded(real.mean, 1)}`, `${key}.deviation=${rounded(deviation, 1)}`];
  });
  return [...bells, ...wide];
}

/** Compares the framing and pose of annotated faces, at least one on each side. */
export function compareFaces(
  synthetic: readonly FramedFace[],
  real: readonly FramedFace[],
): FramingComparison {
  const entries = framingQuantities.map((quantity): [FramingQuantity, QuantityComparison] => {
    const [first, second] = [synthetic, real].map((faces) => faces.map((face) => face[quantity]));
    const test = kolmogorovSmirnov(first, second);
    const summaries = { synthetic: summarize(first), real: summarize(second) };
    const apart = summaries.synthetic.quantiles.some(
      (value, i) => Math.abs(value - summaries.real.quantiles[i]) > negligible[quantity],
    );
    const differs = test.statistic > acceptedDifference && test.pValue < 0.01 && apart;
    return [quantity, { ...test, ...summaries, differs }];
  });
  const quantities = Object.fromEntries(entries) as FramingComparison['quantities'];
  const warnings = entries
    .filter(([, { differs }]) => differs)
    .sort(([, p], [, q]) => q.statistic - p.statistic)
    .map(([quantity, comparison]) => warningFor(quantity, comparison));
  return { quantities, warnings, renderSettings: settingsFor(quantities) };
}

/**
 * Compares how the faces of two datasets lie in their images, from the landmarks and poses in their
 * annotations: size, place, roll, yaw and pitch, a two-sample test each.
 *
 * @throws {UserError} where a folder has no image with 68 landmarks.
 */
export async function compareFraming(
  syntheticDirectory: string,
  realDirectory: string,
): Promise<FramingComparison> {
  const [synthetic, real] = [
    await readFramedFaces(syntheticDirectory),
    await readFramedFaces(realDirectory),
  ];
  return compareFaces(synthetic, real);
}
