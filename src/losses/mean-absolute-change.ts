import { abs, subtract } from '../tensor/operators/elementwise.ts';
import { mean } from '../tensor/operators/reduce.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * `mean |R(x) − x|` over batch, channels and pixels, in units of the values −1 … 1 (0.01 is 1.3
 * grey levels of 255): near 0 the refiner does nothing.
 */
export function meanAbsoluteChange(original: Tensor, refined: Tensor): Tensor {
  return mean(abs(subtract(refined, original)));
}
