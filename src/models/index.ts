export { type DiscriminatorName, discriminators } from './discriminators.ts';
export * from './network.ts';
export { type RefinerName, refiners } from './refiners.ts';
export * from './simgan-discriminator.ts';
export * from './simgan-refiner.ts';
