import { randomKey } from '../../base/random.ts';
import { mapTree } from '../../base/tree.ts';
import { compile } from '../../tensor/compile.ts';
import { type HostTensor, spec } from '../../tensor/host-tensor.ts';
import { constant } from '../../tensor/operators/constant.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Refiner } from '../network.ts';

/** The refiner as a program with its weights inside and symbolic sizes, traced for one shape. */
export function programFor(refiner: Refiner, shape: readonly number[]): Uint8Array {
  const parameters = refiner.init(randomKey(5));
  const symbolic = ['batch', shape[1], 'height', 'width'];
  const apply = (images: Tensor) =>
    refiner.apply(
      mapTree<HostTensor, Tensor>(parameters, ({ data, shape }) => constant(data, shape)),
      images,
    );
  const symbolicShapes = { arg0: symbolic, result: symbolic };
  return compile(apply, [spec(shape)], { symbolicShapes }).model;
}

/** Whether one program refines images of every size and number. */
export function isSizeIndependent(refiner: Refiner, channels: number): boolean {
  const { multipleOf = 1 } = refiner;
  const side = (pixels: number) => Math.ceil(pixels / multipleOf) * multipleOf;
  const small = programFor(refiner, [1, channels, side(16), side(16)]);
  const large = programFor(refiner, [2, channels, side(24) + multipleOf, side(32)]);
  return Buffer.compare(small, large) === 0;
}
