import { randomKey } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { landmarkCount } from '../models/frozen/face-landmarks.ts';
import { channelBlock } from '../runtime/channel-block.ts';
import { loadProgram, type Program } from '../runtime/program.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { type CompiledFunction, type CompileOptions, compile } from '../tensor/compile.ts';
import { type HostTensor, spec, specsOf, type TensorSpec } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { drawNumbers } from './augmentation-numbers.ts';
import { freshCount, hasTwoDirections, type TrainConfig } from './config.ts';
import type { NetworkState } from './network-state.ts';
import { needsLandmarks } from './parts-config.ts';
import { hasPartWeights } from './regularization-config.ts';
import {
  discriminatorStep,
  freshImages,
  type Players,
  refinerPretrainingStep,
  refinerStep,
} from './step.ts';

/** What a run computes: its steps, and the refiner alone. */
export type ProgramName = 'pretrain' | 'refinerUpdate' | 'discriminatorUpdate' | 'fresh' | 'refine';

/** The programs of a run. */
export interface Programs {
  /** Compiles a program when it is first asked for. */
  load(name: ProgramName): Promise<Program>;
  nodeCounts(): Readonly<Record<string, number>>;
  dispose(): Promise<void>;
}

export type EngineOptions = Pick<SessionOptions, 'device' | 'threads' | 'profilePrefix'>;

/** The programs of a configuration for a device, each compiled when it is first asked for. */
export async function openPrograms(
  players: Players,
  config: TrainConfig,
  state: NetworkState,
  options: EngineOptions,
): Promise<Programs> {
  const { device = 'cpu' } = options;
  const block = device === 'cpu' ? await channelBlock() : undefined;
  const compilers = compilersOf(players, config, state, { channelBlock: block });
  const loaded = new Map<ProgramName, Program>();
  const nodeCounts: Record<string, number> = {};
  return {
    load: async (name) => {
      const before = loaded.get(name);
      if (before !== undefined) return before;
      const compiled = compilers[name]();
      const opened = await loadProgram(compiled, options);
      loaded.set(name, opened);
      nodeCounts[name] = compiled.nodeCount;
      return opened;
    },
    nodeCounts: () => ({ ...nodeCounts }),
    dispose: async () => {
      for (const each of loaded.values()) await each.dispose();
    },
  };
}

/**
 * How each program is compiled: forms only, for what compiles later must not hold the first state
 * in memory.
 */
function compilersOf(
  players: Players,
  config: TrainConfig,
  state: NetworkState,
  options: CompileOptions,
): Readonly<Record<ProgramName, () => CompiledFunction>> {
  const inputs = inputSpecs(config);
  const refiner = specsOf(state.refiner);
  const refinerParameters = specsOf(state.refiner.parameters);
  const refinerAlone = specsOf(state.refiner.parameters.refiner);
  const discriminator = specsOf(state.discriminator);
  const discriminatorParameters = specsOf(state.discriminator.parameters);
  const scalarsOf = (optimizer: Players['refinerOptimizer']) =>
    mapTree<number, TensorSpec>(optimizer.scalars(1, 1), () => spec([]));
  const refinerScalars = scalarsOf(players.refinerOptimizer);
  const discriminatorScalars = scalarsOf(players.discriminatorOptimizer);
  const compiler =
    (step: () => (...args: never[]) => Tree<Tensor>, ...specs: readonly object[]) =>
    () =>
      compile(
        step() as (...args: Tree<Tensor>[]) => Tree<Tensor>,
        specs as readonly Tree<TensorSpec>[],
        options,
      );
  return {
    pretrain: compiler(
      () => refinerPretrainingStep(players, config),
      ...[refiner, refinerScalars, inputs.renders],
    ),
    refinerUpdate: compiler(
      () => refinerStep(players, config),
      ...[refiner, discriminatorParameters, refinerScalars, inputs.refiner],
    ),
    discriminatorUpdate: compiler(
      () => discriminatorStep(players, config),
      ...[discriminator, refinerParameters, discriminatorScalars, inputs.discriminator],
    ),
    fresh: compiler(() => freshImages(players, config), refinerParameters, inputs.fresh),
    // Without landmarks: as the exported file does it.
    refine: compiler(
      () => (parameters: Tree<Tensor>, images: Tensor) => players.refiner.apply(parameters, images),
      ...[refinerAlone, spec([freshCount(config), config.channels, ...config.size])],
    ),
  };
}

/** The forms of what the steps are fed. */
function inputSpecs(config: TrainConfig) {
  const { batchSize, channels, size, history } = config;
  const images = (count: number, planes: number = channels) => spec([count, planes, ...size]);
  const both = hasTwoDirections(config);
  const numbers = (batch: number) => {
    const drawn = drawNumbers(randomKey(0), config, batch);
    return drawn === undefined ? {} : { augmentation: specsOf(drawn as Tree<HostTensor>) };
  };
  const whole = images(batchSize);
  const renders = both ? whole : images(freshCount(config));
  const pointsOf = ({ shape }: TensorSpec) => spec([shape[0], landmarkCount, 2]);
  const placed = needsLandmarks(config);
  const given = {
    synthetic: whole,
    ...(placed && { landmarks: pointsOf(whole) }),
    ...(hasPartWeights(config.regularization) && { pixelWeights: images(batchSize, 1) }),
  };
  const fresh = { synthetic: renders, ...(placed && { landmarks: pointsOf(renders) }) };
  return {
    renders: given,
    fresh: { ...fresh, ...(both && { real: whole }) },
    refiner: {
      ...given,
      ...(both && { real: whole }),
      weight: spec([]),
      ...numbers(batchSize),
    },
    discriminator: {
      ...fresh,
      ...(history.capacity > 0 && {
        history: images(freshCount(config), both ? 2 * channels : channels),
      }),
      real: whole,
      ...(config.parts.discriminator && { realLandmarks: pointsOf(whole) }),
      ...numbers(2 * batchSize),
    },
  };
}
