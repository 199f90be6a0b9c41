import { type RandomKey, split, uniform } from '../base/random.ts';
import { type HostTensor, hostTensor } from '../tensor/host-tensor.ts';
import { add, multiply, subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One number an image, each `[batch, 1, 1, 1]`. */
export type ColourNumbers<Leaf> = {
  /** Added to all values, −½ … ½; 0 changes nothing. */
  readonly brightness: Leaf;
  /** Times the distance from the pixel's grey, 0 … 2; 1 changes nothing. */
  readonly saturation: Leaf;
  /** Times the distance from the image's mean, ½ … 1½; 1 changes nothing. */
  readonly contrast: Leaf;
};

/** Draws the published ranges (Zhao et al. 2020, section 3.2 and the code that it refers to). */
export function drawColour(key: RandomKey, batch: number): ColourNumbers<HostTensor> {
  const draw = (label: string, low: number, high: number) =>
    hostTensor(
      [batch, 1, 1, 1],
      Float32Array.from(uniform(split(key, label), batch), (u) => low + u * (high - low)),
    );
  return {
    brightness: draw('brightness', -0.5, 0.5),
    saturation: draw('saturation', 0, 2),
    contrast: draw('contrast', 0.5, 1.5),
  };
}

/** Brightness, then saturation, then contrast of `[batch, channels, height, width]`. */
export function applyColour(
  { brightness, saturation, contrast }: ColourNumbers<Tensor>,
  images: Tensor,
): Tensor {
  const bright = add(images, brightness);
  const saturated = images.shape[1] === 1 ? bright : scaleFrom(bright, [1], saturation);
  return scaleFrom(saturated, [1, 2, 3], contrast);
}

/** `m + factor · (x − m)` with the mean m over the axes. */
function scaleFrom(x: Tensor, axes: readonly number[], factor: Tensor): Tensor {
  const centre = mean(x, { axes, keepDimensions: true });
  return add(multiply(subtract(x, centre), factor), centre);
}
