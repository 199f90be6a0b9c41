import { expect, it } from 'vitest';
import { randomKey } from '../base/random.ts';
import { evaluate } from '../nn/testing/evaluate.ts';
import { hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { pattern } from '../testing/pattern.ts';
import { multiScaleDiscriminators } from './discriminators.ts';
import { texturePatchLayers, windowsOf } from './index.ts';
import { receptiveField } from './receptive-field.ts';
import type { TwoFieldDiscriminatorParameters } from './two-field-discriminator.ts';

const network = multiScaleDiscriminators['two-field']({ channels: 3 });
const apply = (p: TwoFieldDiscriminatorParameters<Tensor>, x: Tensor) => network.apply(p, x);
const parameters = network.init(randomKey(1));

it('judges with a field of 11 pixels and with one of 26', async () => {
  expect(receptiveField(windowsOf(texturePatchLayers()))).toBe(11);
  const x = pattern([2, 3, 64, 64], 5);
  const [texture, local] = await evaluate(apply, parameters, x);
  expect(texture.shape).toEqual([2, 2, 27, 27]);
  expect(local.shape).toEqual([2, 2, 10, 10]);
  // A pixel that the first patch of the local field sees and that of the texture field does not.
  const data = x.data.slice();
  data[20 * 64 + 20] += 1;
  const [otherTexture, otherLocal] = await evaluate(apply, parameters, hostTensor(x.shape, data));
  expect(otherTexture.data[0]).toBe(texture.data[0]);
  expect(otherLocal.data[0]).not.toBe(local.data[0]);
});

it('begins with different weights in either', () => {
  const [first] = parameters.texture.trunk;
  expect(first.weight.shape).toEqual([16, 3, 3, 3]);
  expect(parameters.local.trunk[0].weight.shape).toEqual([32, 3, 4, 4]);
});
