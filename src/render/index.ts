export type { Assets } from './assets/assets.ts';
export { type AssetMemory, assetsIn, loadAssetMemory } from './assets/load-assets.ts';
export { type Part, partColors, partNames, parts } from './assets/parts.ts';
export { createWorkspace } from './geometry/workspace.ts';
export type { Annotation } from './output/annotation.ts';
export type { Distribution } from './output/distribution.ts';
export {
  type RenderDatasetOptions,
  type RenderEvents,
  type RenderSummary,
  renderDataset,
} from './render-dataset.ts';
export { type RenderedImage, type RenderOptions, renderImage } from './render-image.ts';
export {
  type RenderConfig,
  type RenderConfigInput,
  renderConfig,
  renderConfigSchema,
} from './scene/config.ts';
export { sampleScene } from './scene/sample-scene.ts';
export type { Scene } from './scene/scene.ts';
