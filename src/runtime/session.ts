import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Shape } from '../tensor/tensor.ts';
import { absent, type Device, requireDevice } from './device.ts';

// ONNX Runtime prints an error beside throwing it; the exception says all, and is worded by us.
env.logLevel = 'fatal';

export interface SessionOptions {
  /** Where the model runs; default `cpu`. */
  readonly device?: Device;
  /** Threads inside an operator; default: one a core. */
  readonly threads?: number;
  /** Writes a trace of every operator to a file with this prefix when the session is disposed. */
  readonly profilePrefix?: string;
}

/** Values by name, in memory that the caller owns. */
export type Values = Readonly<
  Record<string, { readonly shape: Shape; readonly data: Float32Array }>
>;

/** An ONNX model ready to run. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the model; outputs are written into `results` where given, else into new memory. */
  run(feeds: Values, results?: Values): Promise<Values>;
  /** Frees the memory of the model; it cannot run afterwards. */
  dispose(): Promise<void>;
}

/**
 * Prepares a model for a device.
 *
 * @throws {UserError} where the device is not there; there is no silent fall-back to the CPU.
 */
export async function createSession(
  model: Uint8Array,
  { device = 'cpu', threads, profilePrefix }: SessionOptions = {},
): Promise<Session> {
  requireDevice(device);
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    graphOptimizationLevel: 'all',
    // With a pattern the arena holds the first run's pieces and the planned block: twice the
    // memory.
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    // Adam's second moments fade into denormal numbers, which the CPU handles a hundred times
    // slower.
    extra: { session: { set_denormal_as_zero: '1' } },
  };
  const session = await create(model, options, device);
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, results) => {
      const fetches = results === undefined ? session.outputNames : toTensors(results);
      const outputs = await session.run(toTensors(feeds), fetches as InferenceSession.FetchesType);
      return results ?? fromTensors(outputs);
    },
    dispose: async () => {
      if (profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

async function create(model: Uint8Array, options: InferenceSession.SessionOptions, device: Device) {
  try {
    return await InferenceSession.create(model, options);
  } catch (error) {
    // On the CPU a model that does not load is our own mistake; elsewhere most often the device's.
    if (device === 'cpu') throw error;
    throw absent(device, reasonOf(error as Error));
  }
}

/**
 * The first line of a message of ONNX Runtime without the place in its source and the condition.
 */
function reasonOf({ message }: Error): string {
  const [line] = message.split('\n');
  return line.replace(/^\/\S+\.(?:cc|h):\d+ .* was false\. /, '');
}

function toTensors(values: Values): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      new Tensor('float32', data, shape),
    ]),
  );
}

function fromTensors(outputs: InferenceSession.OnnxValueMapType): Values {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const { dims, data } = value as Tensor;
      return [name, { shape: dims, data: data as Float32Array }];
    }),
  );
}
