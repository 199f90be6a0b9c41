import { type HostTensor, hostScalar, hostTensor } from '../tensor/host-tensor.ts';
import { sizeOf } from '../tensor/tensor.ts';
import { augmentationNumbers } from './augmentation-numbers.ts';
import { hasTwoDirections, type TrainConfig } from './config.ts';
import type { Counters } from './counters.ts';
import type { Metrics } from './engine.ts';
import { followTarget } from './follow-target.ts';
import type { GameOptions } from './game.ts';
import type { ImageSupply } from './image-supply.ts';
import { createPixelWeights } from './part-weights.ts';
import { hasPartWeights } from './regularization-config.ts';

/** A step of the refiner, in pre-training by the regularizer alone. */
export function createRefinerUpdate(
  { config, engine, weightFactor = () => 1 }: GameOptions,
  count: Counters,
  supply: ImageSupply,
): (learningRate: number, phase: { readonly pretraining: boolean }) => Promise<Metrics> {
  const pixelWeights = hasPartWeights(config.regularization) ? pixelWeightsOf(config) : undefined;
  const numbersOf = augmentationNumbers(config, 'refiner');
  const both = hasTwoDirections(config);
  return async (learningRate, { pretraining }) => {
    const update = ++count.refinerUpdates;
    const { images: synthetic, landmarks, parts } = await supply.nextWhole();
    const renders = {
      synthetic,
      ...(landmarks && { landmarks }),
      ...(pixelWeights && { pixelWeights: pixelWeights(parts) }),
    };
    if (pretraining) return engine.pretrainRefiner(renders, { update, learningRate });
    const regularizationWeight = count.regularizationWeight * weightFactor();
    const metrics = await engine.updateRefiner(
      {
        ...renders,
        ...(both && { real: (await supply.nextReal()).images }),
        weight: hostScalar(regularizationWeight),
        ...numbersOf(update, config.batchSize),
      },
      { update, learningRate },
    );
    count.regularizationWeight = adaptWeight(count.regularizationWeight, metrics, config);
    return { ...metrics, regularizationWeight };
  };
}

/** How fast λ follows: log λ moves by this a step where the change is twice the target. */
const adaptation = 0.05;

/**
 * λ of the next update, where it is adapted to hold the mean absolute change at
 * `regularization.target`.
 */
function adaptWeight(weight: number, metrics: Metrics, { regularization }: TrainConfig): number {
  const { target, weight: initial } = regularization;
  if (target === 0) return weight;
  const measured = metrics.meanAbsoluteChange;
  return initial * followTarget(weight / initial, { measured, target, gain: adaptation });
}

/** Weights by part; renders without masks, where the configuration takes them, count as 1. */
function pixelWeightsOf({ regularization, batchSize, size }: TrainConfig) {
  const byPart = createPixelWeights(regularization);
  const shape = [batchSize, 1, ...size];
  const equal = hostTensor(shape, new Float32Array(sizeOf(shape)).fill(1));
  return (parts: HostTensor | undefined) => (parts === undefined ? equal : byPart(parts));
}
