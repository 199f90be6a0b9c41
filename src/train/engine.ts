import { randomKey, split } from '../base/random.ts';
import { mapTree, type Tree } from '../base/tree.ts';
import { landmarkCount } from '../models/frozen/face-landmarks.ts';
import { forParts } from '../models/index.ts';
import { channelBlock } from '../runtime/channel-block.ts';
import { loadProgram, type Program } from '../runtime/program.ts';
import type { SessionOptions } from '../runtime/session.ts';
import { type CompiledFunction, type CompileOptions, compile } from '../tensor/compile.ts';
import {
  type HostTensor,
  hostScalar,
  hostTensor,
  spec,
  specsOf,
  type TensorSpec,
} from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { drawNumbers } from './augmentation-numbers.ts';
import { freshCount, hasTwoDirections, type TrainConfig } from './config.ts';
import { readFrozenNetworks } from './frozen-networks.ts';
import { needsLandmarks } from './parts-config.ts';
import { createPlayers } from './players.ts';
import { hasPartWeights } from './regularization-config.ts';
import {
  type DiscriminatorImages,
  type DiscriminatorState,
  discriminatorStep,
  type FreshImages,
  freshImages,
  type Players,
  type RefinerImages,
  type RefinerState,
  type Renders,
  refinerPretrainingStep,
  refinerStep,
} from './step.ts';

/** All that training changes, but for the history and the counters. */
export interface NetworkState {
  readonly refiner: RefinerState<HostTensor>;
  readonly discriminator: DiscriminatorState<HostTensor>;
}

/** How many updates each network has had, and the learning rate of this one. */
export interface UpdateNumbers {
  /** Counted from 1. */
  readonly update: number;
  readonly learningRate: number;
}

export type Metrics = Readonly<Record<string, number>>;

/**
 * The compiled steps with the state that they change. A step reads the state from one set of
 * buffers and writes it to another, then the two change places: nothing is copied or allocated.
 */
export interface Engine {
  readonly state: NetworkState;
  readonly players: Players;
  /** Nodes of each program that is compiled so far, for the log. */
  readonly nodeCounts: Readonly<Record<string, number>>;
  restore(state: NetworkState): void;
  pretrainRefiner(renders: Renders<HostTensor>, numbers: UpdateNumbers): Promise<Metrics>;
  updateRefiner(images: RefinerImages<HostTensor>, numbers: UpdateNumbers): Promise<Metrics>;
  /** Gives the metrics and the freshly refined images, valid until the next call. */
  updateDiscriminator(
    images: DiscriminatorImages<HostTensor>,
    numbers: UpdateNumbers,
  ): Promise<{ readonly metrics: Metrics; readonly refined: HostTensor }>;
  /** What the history takes in of a step: refined images, in two directions with rendered ones. */
  makeFresh(images: FreshImages<HostTensor>): Promise<HostTensor>;
  /**
   * Refines half a batch (a whole one without a history) with the current parameters, as the
   * discriminator step does, or with those that are exported (the average where it is on).
   */
  refine(synthetic: HostTensor, parameters: 'current' | 'exported'): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** The state of fresh networks; the same seed gives the same. */
export function initialState(players: Players, config: TrainConfig): NetworkState {
  const key = randomKey(config.seed);
  const { refiner, inverse, discriminator, partDiscriminator } = players;
  const refiners = {
    refiner: refiner.init(split(key, 'refiner')),
    ...(inverse && { inverse: inverse.init(split(key, 'inverse')) }),
  };
  const discriminators = {
    real: discriminator.init(split(key, 'discriminator')),
    ...(hasTwoDirections(config) && {
      synthetic: discriminator.init(split(key, 'inverse discriminator')),
    }),
    ...(partDiscriminator && {
      parts: forParts((part) => partDiscriminator.init(split(key, 'discriminator', part))),
    }),
  };
  return {
    refiner: {
      parameters: refiners,
      optimizer: players.refinerOptimizer.init(refiners),
      average: config.average.decay === 0 ? {} : copyTree(refiners.refiner),
    },
    discriminator: {
      parameters: discriminators,
      optimizer: players.discriminatorOptimizer.init(discriminators),
    },
  };
}

/** The parameters that are exported: the average where it is on. */
export function exportedParameters(
  { refiner }: NetworkState,
  config: TrainConfig,
): Tree<HostTensor> {
  return config.average.decay > 0 ? refiner.average : refiner.parameters.refiner;
}

export type EngineOptions = Pick<SessionOptions, 'device' | 'threads' | 'profilePrefix'>;

/** Compiles the steps of a configuration for a device. */
export async function createEngine(
  config: TrainConfig,
  options: EngineOptions = {},
): Promise<Engine> {
  const players = createPlayers(config, await readFrozenNetworks(config));
  let state = initialState(players, config);
  let spare = { refiner: copyTree(state.refiner), discriminator: copyTree(state.discriminator) };
  const programs = await openPrograms(players, config, state, options);
  // Pre-training and the beginning of a history are short or absent: they are compiled when they come.
  const refinerUpdate = await programs.load('refinerUpdate');
  const discriminatorUpdate = await programs.load('discriminatorUpdate');
  const refine = await programs.load('refine');
  const results = {
    refinerUpdate: resultBuffers(refinerUpdate),
    discriminatorUpdate: resultBuffers(discriminatorUpdate),
  };
  let pretrainResults: ResultBuffers | undefined;
  const scalarsOf = (player: 'refinerOptimizer' | 'discriminatorOptimizer', n: UpdateNumbers) =>
    mapTree<number, HostTensor>(players[player].scalars(n.update, n.learningRate), hostScalar);
  const swapRefiner = () => {
    [state, spare] = [
      { ...state, refiner: spare.refiner as NetworkState['refiner'] },
      { ...spare, refiner: state.refiner },
    ];
  };
  return {
    get state() {
      return state;
    },
    players,
    get nodeCounts() {
      return programs.nodeCounts();
    },
    restore: (restored) => {
      state = restored;
      spare = {
        refiner: copyTree(restored.refiner),
        discriminator: copyTree(restored.discriminator),
      };
    },
    pretrainRefiner: async (renders, numbers) => {
      const pretrain = await programs.load('pretrain');
      pretrainResults ??= resultBuffers(pretrain);
      const scalars = scalarsOf('refinerOptimizer', numbers);
      const into = { ...pretrainResults, state: spare.refiner };
      await pretrain.runInto(into, state.refiner, scalars, { ...renders });
      swapRefiner();
      return toNumbers(pretrainResults.metrics);
    },
    updateRefiner: async (images, numbers) => {
      const { metrics } = results.refinerUpdate;
      const scalars = scalarsOf('refinerOptimizer', numbers);
      const into = { ...results.refinerUpdate, state: spare.refiner };
      const { parameters } = state.discriminator;
      await refinerUpdate.runInto(into, state.refiner, parameters, scalars, { ...images });
      swapRefiner();
      return toNumbers(metrics);
    },
    updateDiscriminator: async (images, numbers) => {
      const { metrics, refined } = results.discriminatorUpdate;
      const scalars = scalarsOf('discriminatorOptimizer', numbers);
      const into = { ...results.discriminatorUpdate, state: spare.discriminator };
      const { parameters } = state.refiner;
      const args = [state.discriminator, parameters, scalars, { ...images }] as const;
      await discriminatorUpdate.runInto(into, ...args);
      [state, spare] = [
        { ...state, discriminator: spare.discriminator as NetworkState['discriminator'] },
        { ...spare, discriminator: state.discriminator },
      ];
      return { metrics: toNumbers(metrics), refined: refined as HostTensor };
    },
    makeFresh: async (images) => {
      const fresh = await programs.load('fresh');
      return (await fresh.run(state.refiner.parameters, { ...images })) as HostTensor;
    },
    refine: async (synthetic, which) => {
      const { refiner } = state.refiner.parameters;
      const chosen = which === 'exported' ? exportedParameters(state, config) : refiner;
      return (await refine.run(chosen, synthetic)) as HostTensor;
    },
    dispose: programs.dispose,
  };
}

type ProgramName = 'pretrain' | 'refinerUpdate' | 'discriminatorUpdate' | 'fresh' | 'refine';

interface Programs {
  /** Compiles a program when it is first asked for. */
  load(name: ProgramName): Promise<Program>;
  nodeCounts(): Readonly<Record<string, number>>;
  dispose(): Promise<void>;
}

async function openPrograms(
  players: Players,
  config: TrainConfig,
  state: NetworkState,
  options: EngineOptions,
): Promise<Programs> {
  const { device = 'cpu' } = options;
  const block = device === 'cpu' ? await channelBlock() : undefined;
  const compileOptions: CompileOptions = { channelBlock: block };
  const scalarSpecs = (optimizer: Players['refinerOptimizer']) =>
    mapTree<number, TensorSpec>(optimizer.scalars(1, 1), () => spec([]));
  const images = (count: number) => spec([count, config.channels, ...config.size]);
  const inputs = inputSpecs(config);
  // Forms only: what compiles later must not hold the first state in memory.
  const refinerSpecs = specsOf(state.refiner);
  const refinerParameters = specsOf(state.refiner.parameters);
  const refinerAlone = specsOf(state.refiner.parameters.refiner);
  const discriminatorSpecs = specsOf(state.discriminator);
  const discriminatorParameters = specsOf(state.discriminator.parameters);
  const refinerScalars = scalarSpecs(players.refinerOptimizer);
  const discriminatorScalars = scalarSpecs(players.discriminatorOptimizer);
  const program = (
    fn: (...args: never[]) => Tree<Tensor>,
    specs: readonly Tree<TensorSpec>[],
  ): CompiledFunction =>
    compile(fn as (...args: Tree<Tensor>[]) => Tree<Tensor>, [...specs], compileOptions);
  const compilers: Readonly<Record<ProgramName, () => CompiledFunction>> = {
    pretrain: () =>
      program(refinerPretrainingStep(players, config), [
        refinerSpecs,
        refinerScalars,
        inputs.renders as Tree<TensorSpec>,
      ]),
    refinerUpdate: () =>
      program(refinerStep(players, config), [
        refinerSpecs,
        discriminatorParameters,
        refinerScalars,
        inputs.refiner as Tree<TensorSpec>,
      ]),
    discriminatorUpdate: () =>
      program(discriminatorStep(players, config), [
        discriminatorSpecs,
        refinerParameters,
        discriminatorScalars,
        inputs.discriminator as Tree<TensorSpec>,
      ]),
    fresh: () =>
      program(freshImages(players, config), [refinerParameters, inputs.fresh as Tree<TensorSpec>]),
    // Without landmarks: as the exported file does it.
    refine: () =>
      program(
        (parameters: Tree<Tensor>, images: Tensor) => players.refiner.apply(parameters, images),
        [refinerAlone, images(freshCount(config))],
      ),
  };
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

type ResultBuffers = {
  readonly state: Tree<HostTensor>;
  readonly metrics: Readonly<Record<string, HostTensor>>;
  readonly refined?: HostTensor;
};

function resultBuffers(program: Program): ResultBuffers {
  return program.allocateResults() as ResultBuffers;
}

function toNumbers(metrics: Readonly<Record<string, HostTensor>>): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, { data }]) => [name, data[0]]));
}

function copyTree<T extends Tree<HostTensor>>(tree: T): T {
  return mapTree<HostTensor, HostTensor>(tree, ({ shape, data }) =>
    hostTensor(shape, data.slice()),
  ) as T;
}
