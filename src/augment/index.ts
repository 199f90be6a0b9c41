export * from './augmentation.ts';
export type { ColourNumbers } from './colour.ts';
export type { CutoutNumbers } from './cutout.ts';
export type { ImageSize } from './image-size.ts';
export type { Border, TranslationNumbers } from './translation.ts';
