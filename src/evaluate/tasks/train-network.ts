import { type RandomKey, split } from '../../base/random.ts';
import { mapTree, type Tree } from '../../base/tree.ts';
import { adam, linearDecay, type Scalars } from '../../optim/index.ts';
import { channelBlock } from '../../runtime/channel-block.ts';
import { loadProgram } from '../../runtime/program.ts';
import { compile } from '../../tensor/compile.ts';
import { valueAndGrad } from '../../tensor/gradient.ts';
import {
  type HostTensor,
  hostScalar,
  hostTensor,
  spec,
  specsOf,
  type TensorSpec,
} from '../../tensor/host-tensor.ts';
import { abs, multiply, negate, subtract } from '../../tensor/operators/elementwise.ts';
import { mean, sum } from '../../tensor/operators/reduce.ts';
import { logSoftmax } from '../../tensor/operators/softmax.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TrainableNetwork, taskInputSize } from './trainable-network.ts';

/** Images `[batch, 3, 64, 64]` in −1 … 1 and what the network should say, `[batch, outputs]`. */
export interface TrainingBatch {
  readonly images: Float32Array;
  readonly targets: Float32Array;
}

/** What is trained, on what, and for how long. */
export interface TrainNetworkOptions<Layer extends string> {
  /** Its parameters are drawn anew from the key. */
  readonly network: TrainableNetwork<Layer>;
  readonly key: RandomKey;
  readonly outputs: number;
  /**
   * `absolute` is the mean of |output − target|, `cross-entropy` the mean over images of
   * −Σ target · log softmax(output).
   */
  readonly loss: 'absolute' | 'cross-entropy';
  readonly batchSize: number;
  readonly steps: number;
  /** Default 0.001; it falls to 0 over the second half of the steps. */
  readonly learningRate?: number;
  /** The batch of a step, counted from 1. */
  readonly batch: (step: number) => TrainingBatch;
  readonly onStep?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A trained network. */
export interface TrainedNetwork<Layer extends string> {
  /** The mean loss of the last tenth of the steps. */
  readonly finalLoss: number;
  /** The layers for images, a row an image. */
  predict(images: Float32Array): Promise<Readonly<Record<Layer | 'output', Float32Array[]>>>;
  dispose(): Promise<void>;
}

type State<Leaf> = { readonly parameters: Tree<Leaf>; readonly optimizer: Tree<Leaf> };

/**
 * Trains a network with Adam, the whole step as one compiled program, on worker threads:
 * networks that are trained concurrently use all cores.
 */
export async function trainNetwork<Layer extends string>(
  options: TrainNetworkOptions<Layer>,
): Promise<TrainedNetwork<Layer>> {
  const { network, key, outputs, batchSize, steps, learningRate = 1e-3, signal } = options;
  const optimizer = adam();
  const parameters = network.init(split(key, 'parameters'), outputs);
  let state: State<HostTensor> = { parameters, optimizer: optimizer.init(parameters) };
  const images = spec([batchSize, 3, taskInputSize, taskInputSize]);
  const targets = spec([batchSize, outputs]);
  const scalarSpecs = mapTree<number, TensorSpec>(optimizer.scalars(1, 1), () => spec([]));
  const step = (
    { parameters: p, optimizer: o }: State<Tensor>,
    scalars: Scalars<Tensor>,
    x: Tensor,
    wanted: Tensor,
  ) => {
    const { value, gradient } = valueAndGrad((q: Tree<Tensor>) => {
      return [lossOf(options.loss, network.apply(q, x).output, wanted), {}];
    })(p);
    const next = optimizer.update({ gradients: gradient, state: o, parameters: p, scalars });
    return { state: { parameters: next.parameters, optimizer: next.state }, loss: value };
  };
  const compiled = compile(
    step as unknown as (...args: Tree<Tensor>[]) => Tree<Tensor>,
    [specsOf(state), scalarSpecs, images, targets],
    { channelBlock: await channelBlock() },
  );
  const program = await loadProgram(compiled, { threads: 1, background: true });
  // State is read from one set of buffers and written to the other, then they change places.
  let spare = copyTree(state);
  const loss = hostScalar(0);
  const rate = linearDecay({ initial: learningRate, after: Math.floor(steps / 2), until: steps });
  let [late, counted] = [0, 0];
  try {
    let batch = options.batch(1);
    for (let i = 1; i <= steps; i++) {
      signal?.throwIfAborted();
      const scalars = mapTree<number, HostTensor>(optimizer.scalars(i, rate(i)), hostScalar);
      const running = program.runInto(
        { state: spare, loss },
        ...[state, scalars],
        hostTensor(images.shape, batch.images),
        hostTensor(targets.shape, batch.targets),
      );
      // The next batch is made on this thread while the step runs on another.
      if (i < steps) batch = options.batch(i + 1);
      await running;
      [state, spare] = [spare, state];
      if (i > 0.9 * steps) [late, counted] = [late + loss.data[0], counted + 1];
      options.onStep?.();
    }
  } finally {
    await program.dispose();
  }
  const predictor = await createPredictor(network, state.parameters);
  return { ...predictor, finalLoss: late / counted };
}

function lossOf(kind: TrainNetworkOptions<never>['loss'], output: Tensor, wanted: Tensor): Tensor {
  if (kind === 'absolute') return mean(abs(subtract(output, wanted)));
  const [batch] = output.shape;
  return multiply(negate(sum(multiply(wanted, logSoftmax(output, 1)))), 1 / batch);
}

const predictedAtOnce = 16;

async function createPredictor<Layer extends string>(
  network: TrainableNetwork<Layer>,
  parameters: Tree<HostTensor>,
): Promise<Pick<TrainedNetwork<Layer>, 'predict' | 'dispose'>> {
  const shape = [predictedAtOnce, 3, taskInputSize, taskInputSize];
  const compiled = compile(network.apply as (...args: Tree<Tensor>[]) => Tree<Tensor>, [
    specsOf(parameters),
    spec(shape),
  ]);
  const program = await loadProgram(compiled, { threads: 1, background: true });
  const pixels = 3 * taskInputSize ** 2;
  return {
    predict: async (images) => {
      const names = Object.keys(compiled.resultNames) as (Layer | 'output')[];
      const rows = Object.fromEntries(
        names.map((name): [string, Float32Array[]] => [name, []]),
      ) as Record<Layer | 'output', Float32Array[]>;
      for (let start = 0; start < images.length; start += predictedAtOnce * pixels) {
        const input = hostTensor(shape);
        const part = images.subarray(start, start + predictedAtOnce * pixels);
        input.data.set(part);
        const layers = (await program.run(parameters, input)) as Record<
          Layer | 'output',
          HostTensor
        >;
        for (const name of names) {
          rows[name].push(...rowsOf(layers[name]).slice(0, part.length / pixels));
        }
      }
      return rows;
    },
    dispose: program.dispose,
  };
}

function rowsOf({ shape: [rows, columns], data }: HostTensor): Float32Array[] {
  return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns));
}

function copyTree<T extends Tree<HostTensor>>(tree: T): T {
  return mapTree<HostTensor, HostTensor>(tree, ({ shape, data }) =>
    hostTensor(shape, data.slice()),
  ) as T;
}
