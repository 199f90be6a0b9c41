import { UserError } from '../base/user-error.ts';
import type { DecodedImage, ImageSize } from '../data/decode.ts';
import type { ImageValues } from '../data/encode.ts';
import { bytesToValues } from '../data/pixels.ts';
import { createSession, type Session, type SessionOptions } from '../runtime/session.ts';
import { metadataKeys } from '../train/export-refiner.ts';
import type { RefinerModel } from './model.ts';
import { crop, padByReflection, roundUp } from './reflect.ts';

/** What a network made of an image, and how far it is from the image. */
export interface RefinedImage extends ImageValues {
  /**
   * Mean of |refined − image| over channels and pixels, both in −1 … 1 (2/255 is one grey level):
   * the quantity of the same name in a run's `metrics.jsonl`.
   */
  readonly meanAbsoluteChange: number;
}

/** A refiner that is ready to run. */
export interface RefinerNetwork {
  /**
   * Refines images of one size, at that size.
   *
   * @throws {UserError} where the network cannot take that size, or gives what is no number.
   */
  refine(images: readonly DecodedImage[]): Promise<readonly RefinedImage[]>;
  dispose(): Promise<void>;
}

/** Side of the image that a network is tried on, in pixels. */
const trialSide = 32;

/**
 * Prepares a model for a device, and tries it once.
 *
 * @throws {UserError} where the device is not there or the network does not give images of the size
 *   that it gets.
 */
export async function openNetwork(
  model: RefinerModel,
  options: Pick<SessionOptions, 'device' | 'threads'>,
): Promise<RefinerNetwork> {
  const session = await createSession(model.bytes, options).catch((error: Error) => {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `Expected a model that ONNX Runtime can load in ${model.path}, got "${firstLine(error)}". Export the network with opset 17 and default operators.`,
      { cause: error },
    );
  });
  try {
    await tryOnce(session, model);
  } catch (error) {
    await session.dispose();
    throw error;
  }
  return {
    refine: (images) => refineImages(session, model, images),
    dispose: () => session.dispose(),
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

async function tryOnce(session: Session, model: RefinerModel): Promise<void> {
  const { input, output, channels, multiple } = model;
  const size = roundUp({ height: trialSide, width: trialSide }, multiple);
  const shape = [1, channels, size.height, size.width];
  const data = new Float32Array(channels * size.height * size.width);
  const outputs = await session
    .run({ [input]: { shape, data } })
    .catch((error) => Promise.reject(refusal(model, size, error)));
  const { shape: got, data: values } = outputs[output];
  if (got.join() !== shape.join()) {
    throw new UserError(
      `Expected a network that gives images of the size it gets in ${model.path}, got [${got.join(', ')}] from [${shape.join(', ')}]. Use a refiner.`,
    );
  }
  if (values.some(Number.isNaN)) throw diverged(model);
}

function diverged({ path }: RefinerModel): UserError {
  return new UserError(
    `Expected numbers from the network in ${path}, got NaN: its training diverged. Use another model.`,
  );
}

function refusal({ path }: RefinerModel, { height, width }: ImageSize, cause: unknown): UserError {
  return new UserError(
    `Expected a network for images of any size in ${path}, got "${firstLine(cause)}" for ${width} × ${height} pixels. If it needs multiples of a number, say which in the model's metadata as ${metadataKeys.multiple}.`,
    { cause },
  );
}

async function refineImages(
  session: Session,
  model: RefinerModel,
  images: readonly DecodedImage[],
): Promise<readonly RefinedImage[]> {
  const [{ height, width }] = images;
  const { channels, input, output } = model;
  const count = channels * height * width;
  const values = new Float32Array(images.length * count);
  for (const [i, { pixels }] of images.entries()) {
    bytesToValues(pixels, values, { width, flip: false, offset: i * count });
  }
  const padded = roundUp({ height, width }, model.multiple);
  const shape = [images.length, channels, padded.height, padded.width];
  const data = padByReflection({ values, height, width }, padded);
  // Own memory for the result: what ONNX Runtime allocates, the garbage collector does not weigh.
  const result = new Float32Array(data.length);
  await session
    .run({ [input]: { shape, data } }, { [output]: { shape, data: result } })
    .catch((error) => Promise.reject(refusal(model, padded, error)));
  const refined = crop({ values: result, ...padded }, { height, width });
  return images.map((_, i) => {
    const own = refined.subarray(i * count, (i + 1) * count);
    const change = meanAbsoluteChange(own, values.subarray(i * count, (i + 1) * count));
    if (Number.isNaN(change)) throw diverged(model);
    return { height, width, channels, values: own, meanAbsoluteChange: change };
  });
}

/** Of values as they are written, clipped to −1 … 1. */
function meanAbsoluteChange(refined: Float32Array, original: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < refined.length; i++) {
    sum += Math.abs(Math.min(1, Math.max(-1, refined[i])) - original[i]);
  }
  return sum / refined.length;
}
