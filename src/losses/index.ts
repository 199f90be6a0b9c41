export { discriminatorAccuracy } from './discriminator-accuracy.ts';
export {
  type DiscriminatorLogits,
  discriminatorAdversarialLoss,
} from './discriminator-adversarial.ts';
export { meanAbsoluteChange } from './mean-absolute-change.ts';
export { patchCrossEntropy } from './patch-cross-entropy.ts';
export type { Reduction } from './reduction.ts';
export { refinerAdversarialLoss } from './refiner-adversarial.ts';
export { type SelfRegularizationOptions, selfRegularizationLoss } from './self-regularization.ts';
