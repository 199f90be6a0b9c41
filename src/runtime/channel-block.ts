import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OnnxBuilder } from '../tensor/onnx-builder.ts';

const channels = 64;

let known: Promise<number | undefined> | undefined;

/**
 * How many channels ONNX Runtime's CPU back end puts into a block on this processor (16 with
 * AVX-512, 8 with AVX2), or undefined where its blocked operators are not there. They belong to an
 * internal operator domain, so this asks the runtime itself: in the blocked order of an image of
 * two columns, the second column of channel 0 comes after the first column of one block of
 * channels.
 */
export function channelBlock(): Promise<number | undefined> {
  known ??= probe();
  return known;
}

async function probe(): Promise<number | undefined> {
  try {
    const session = await InferenceSession.create(probeModel(), { logSeverityLevel: 4 });
    const data = new Float32Array(channels * 2);
    data[1] = 1;
    const x = new Tensor('float32', data, [1, channels, 1, 2]);
    const { y } = await session.run({ x });
    await session.release();
    const block = (y.data as Float32Array).indexOf(1);
    return block > 1 && channels % block === 0 ? block : undefined;
  } catch {
    return undefined;
  }
}

function probeModel(): Uint8Array {
  const builder = new OnnxBuilder();
  const [blocked] = builder.add('ReorderInput', ['x'], {}, { domain: 'com.microsoft.nchwc' });
  const [flat] = builder.add('Reshape', [blocked, builder.integerVector([channels * 2])]);
  builder.output(flat, 'y');
  return builder.finish(
    [{ name: 'x', shape: [1, channels, 1, 2], dtype: 'float32' }],
    [{ name: 'y', shape: [channels * 2], dtype: 'float32' }],
    { opset: 17 },
  );
}
