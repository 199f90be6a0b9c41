import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { randomKey } from '../../base/random.ts';
import { refiners } from '../../models/refiners.ts';
import { negate } from '../../tensor/operators/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { exportRefiner } from '../../train/export-refiner.ts';

type Model = InstanceType<typeof onnxProto.onnx.ModelProto>;

/** A refiner without weights, from what it does. */
export function modelOf(apply: (images: Tensor) => Tensor, channels: 1 | 3 = 3): Uint8Array {
  const refiner = { init: () => ({}), apply: (_: object, images: Tensor) => apply(images) };
  return exportRefiner(refiner, {}, { channels, size: [64, 48], preset: 'made-up' });
}

/** A refiner that gives the negative of an image: byte b becomes 255 − b exactly. */
export function negative(channels: 1 | 3 = 3): Uint8Array {
  return modelOf(negate, channels);
}

/** SimGAN's eye refiner with fresh weights. */
export function eyeRefiner(channels: 1 | 3 = 3): Uint8Array {
  const refiner = refiners['simgan-eyes']({ channels });
  const parameters = refiner.init(randomKey(1));
  return exportRefiner(refiner, parameters, { channels, size: [64, 64], preset: 'simgan-eyes' });
}

/** A model whose protobuf was changed. */
export function edited(model: Uint8Array, edit: (model: Model) => void): Uint8Array {
  const decoded = onnxProto.onnx.ModelProto.decode(model);
  edit(decoded);
  return onnxProto.onnx.ModelProto.encode(decoded).finish();
}

/** Writes a model into a folder; gives its path. */
export async function putModel(folder: string, model: Uint8Array): Promise<string> {
  const path = join(folder, 'model.onnx');
  await writeFile(path, model);
  return path;
}
