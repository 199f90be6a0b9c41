export * from './adversarial-loss.ts';
export { cycleConsistencyLoss, identityMappingLoss } from './cycle-consistency.ts';
export { type DifferenceNormOptions, differenceNorm, type Norm } from './difference-norm.ts';
export { discriminatorAccuracy } from './discriminator-accuracy.ts';
export {
  type DiscriminatorLogits,
  discriminatorAdversarialLoss,
} from './discriminator-adversarial.ts';
export * from './feature-distance.ts';
export { realGradientPenalty } from './gradient-penalty.ts';
export { patchHinge, refinerHinge } from './hinge.ts';
export * from './identity-embedding.ts';
export { type ImageGradientOptions, imageGradientLoss } from './image-gradient-loss.ts';
export { type ImageGradients, imageGradients } from './image-gradients.ts';
export * from './landmark-consistency.ts';
export { patchLeastSquares } from './least-squares.ts';
export { chrominance, luminance } from './luminance.ts';
export * from './luminance-chrominance.ts';
export { meanAbsoluteChange } from './mean-absolute-change.ts';
export { meanOverScales } from './mean-over-scales.ts';
export { type CrossEntropyOptions, patchCrossEntropy } from './patch-cross-entropy.ts';
export { patchScore } from './patch-score.ts';
export type { Reduction } from './reduction.ts';
export { refinerAdversarialLoss } from './refiner-adversarial.ts';
export { type SelfRegularizationOptions, selfRegularizationLoss } from './self-regularization.ts';
export { type ToneOptions, toneLoss } from './tone.ts';
export { totalVariationLoss } from './total-variation.ts';
