import { mapTree, type Tree } from '../base/tree.ts';
import type { Program } from '../runtime/program.ts';
import { type HostTensor, hostScalar } from '../tensor/host-tensor.ts';
import type { TrainConfig } from './config.ts';
import { readFrozenNetworks } from './frozen-networks.ts';
import { copyTree, exportedParameters, initialState, type NetworkState } from './network-state.ts';
import { createPlayers } from './players.ts';
import { type EngineOptions, openPrograms } from './programs.ts';
import type { DiscriminatorImages, FreshImages, Players, RefinerImages, Renders } from './step.ts';

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

/** Compiles the steps of a configuration for a device. */
export async function createEngine(
  config: TrainConfig,
  options: EngineOptions = {},
): Promise<Engine> {
  const players = createPlayers(config, await readFrozenNetworks(config));
  let state = initialState(players, config);
  let spare = { refiner: copyTree(state.refiner), discriminator: copyTree(state.discriminator) };
  const programs = await openPrograms(players, config, state, options);
  // Pre-training and the beginning of a history are short or absent: they are compiled when they
  // come.
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
