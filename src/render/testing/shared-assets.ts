import type { Assets } from '../assets/assets.ts';
import { assetsIn, loadAssetMemory } from '../assets/load-assets.ts';
import { type RenderConfigInput, renderConfig } from '../scene/config.ts';
import { sampleScene } from '../scene/sample-scene.ts';
import type { Scene } from '../scene/scene.ts';

let loaded: Promise<Assets> | undefined;

/** The packed assets, read once a test file. */
export function sharedAssets(): Promise<Assets> {
  loaded ??= loadAssetMemory().then(assetsIn);
  return loaded;
}

/** A scene of seed 1, turned to the front and changed as wanted. */
export async function frontalScene(
  index: number,
  change: Partial<Scene> = {},
  config: RenderConfigInput = {},
): Promise<Scene> {
  const options = { seed: 1, index, imagesPerIdentity: 1 };
  const scene = sampleScene(await sharedAssets(), renderConfig(config), options);
  const front = { yaw: 0, pitch: 0, roll: 0 };
  return { ...scene, pose: front, torso: front, hair: null, ...change };
}
