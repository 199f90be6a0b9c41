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
import {
  apply,
  hiddenSize,
  init,
  type SmallNetworkParameters,
  smallInputSize,
} from './small-network.ts';

/** Images `[batch, 3, 64, 64]` in −1 … 1 and what the network should say, `[batch, outputs]`. */
export interface TrainingBatch {
  readonly images: Float32Array;
  readonly targets: Float32Array;
}

export interface TrainNetworkOptions {
  readonly key: RandomKey;
  readonly outputs: number;
  /**
   * `absolute` is the mean of |output − target|, `cross-entropy` the mean over images of
   * −Σ target · log softmax(output).
   */
  readonly loss: 'absolute' | 'cross-entropy';
  readonly batchSize: number;
  readonly steps: number;
  readonly learningRate?: number;
  /** The batch of a step, counted from 1. */
  readonly batch: (step: number) => TrainingBatch;
  readonly onStep?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A trained network. */
export interface TrainedNetwork {
  /** The mean loss of the last tenth of the steps. */
  readonly finalLoss: number;
  /** Outputs and hidden layer for images, a row an image. */
  predict(images: Float32Array): Promise<{
    readonly output: Float32Array[];
    readonly hidden: Float32Array[];
  }>;
  dispose(): Promise<void>;
}

type State<Leaf> = { readonly parameters: Tree<Leaf>; readonly optimizer: Tree<Leaf> };

/**
 * Trains the small network with Adam, the whole step as one compiled program, on worker threads:
 * networks that are trained concurrently use all cores.
 */
export async function trainNetwork(options: TrainNetworkOptions): Promise<TrainedNetwork> {
  const { key, outputs, batchSize, steps, learningRate = 1e-3, signal } = options;
  const optimizer = adam();
  const parameters = init(split(key, 'parameters'), outputs) as Tree<HostTensor>;
  let state: State<HostTensor> = { parameters, optimizer: optimizer.init(parameters) };
  const images = spec([batchSize, 3, smallInputSize, smallInputSize]);
  const targets = spec([batchSize, outputs]);
  const scalarSpecs = mapTree<number, TensorSpec>(optimizer.scalars(1, 1), () => spec([]));
  const step = (
    { parameters: p, optimizer: o }: State<Tensor>,
    scalars: Scalars<Tensor>,
    x: Tensor,
    wanted: Tensor,
  ) => {
    const { value, gradient } = valueAndGrad((q: Tree<Tensor>) => {
      const { output } = apply(q as SmallNetworkParameters<Tensor>, x);
      return [lossOf(options.loss, output, wanted), {}];
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
  const predictor = await createPredictor(state.parameters, outputs);
  return { ...predictor, finalLoss: late / counted };
}

function lossOf(kind: TrainNetworkOptions['loss'], output: Tensor, wanted: Tensor): Tensor {
  if (kind === 'absolute') return mean(abs(subtract(output, wanted)));
  const [batch] = output.shape;
  return multiply(negate(sum(multiply(wanted, logSoftmax(output, 1)))), 1 / batch);
}

const predictedAtOnce = 16;

async function createPredictor(
  parameters: Tree<HostTensor>,
  outputs: number,
): Promise<Pick<TrainedNetwork, 'predict' | 'dispose'>> {
  const shape = [predictedAtOnce, 3, smallInputSize, smallInputSize];
  const network = (p: Tree<Tensor>, x: Tensor) => apply(p as SmallNetworkParameters<Tensor>, x);
  const compiled = compile(network as (...args: Tree<Tensor>[]) => Tree<Tensor>, [
    specsOf(parameters),
    spec(shape),
  ]);
  const program = await loadProgram(compiled, { threads: 1, background: true });
  const pixels = 3 * smallInputSize ** 2;
  return {
    predict: async (images) => {
      const count = images.length / pixels;
      const result = { output: [] as Float32Array[], hidden: [] as Float32Array[] };
      for (let start = 0; start < count; start += predictedAtOnce) {
        const input = hostTensor(shape);
        const part = images.subarray(start * pixels, (start + predictedAtOnce) * pixels);
        input.data.set(part);
        const values = (await program.run(parameters, input)) as {
          readonly output: HostTensor;
          readonly hidden: HostTensor;
        };
        for (let i = 0; i < part.length / pixels; i++) {
          result.output.push(values.output.data.slice(i * outputs, (i + 1) * outputs));
          result.hidden.push(values.hidden.data.slice(i * hiddenSize, (i + 1) * hiddenSize));
        }
      }
      return result;
    },
    dispose: program.dispose,
  };
}

function copyTree<T extends Tree<HostTensor>>(tree: T): T {
  return mapTree<HostTensor, HostTensor>(tree, ({ shape, data }) =>
    hostTensor(shape, data.slice()),
  ) as T;
}
