export * from './colour-grid-refiner.ts';
export {
  type DiscriminatorName,
  discriminators,
  type MultiScaleDiscriminatorName,
  multiScaleDiscriminators,
} from './discriminators.ts';
export * from './equalizer.ts';
export * from './face-parts.ts';
export * from './feature-discriminator.ts';
export * from './multi-scale-discriminator.ts';
export * from './network.ts';
export * from './parts-refiner.ts';
export * from './patch-discriminator.ts';
export * from './pixel-shuffle-refiner.ts';
export * from './receptive-field.ts';
export { type RefinerName, refiners } from './refiners.ts';
export * from './resnet-generator.ts';
export * from './simgan-discriminator.ts';
export * from './simgan-refiner.ts';
export * from './two-field-discriminator.ts';
export * from './unet.ts';
