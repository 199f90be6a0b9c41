import type { Assets } from './assets/assets.ts';
import { buildFigure } from './geometry/figure.ts';
import type { Layer } from './geometry/layer.ts';
import { createWorkspace, type Workspace } from './geometry/workspace.ts';
import { partMask } from './output/labels.ts';
import { boundingBox, projectLandmarks } from './output/landmarks.ts';
import { depthMap, normalMap } from './output/maps.ts';
import { drawCards } from './raster/draw-cards.ts';
import { createFrame, type Frame, samplesPerPixel } from './raster/frame.ts';
import { rasterize } from './raster/rasterize.ts';
import { drawShadowMap } from './raster/shadow-map.ts';
import type { Color, Scene } from './scene/scene.ts';
import { drawBackground } from './shading/background.ts';
import { develop } from './shading/develop.ts';
import { resolveFrame, shadeFrame } from './shading/shade-frame.ts';
import { surfaceShader } from './shading/shade-surface.ts';
import { strandLight } from './shading/strand-light.ts';

export interface RenderOptions {
  /** Edge of the square image, pixels. */
  readonly size: number;
  /** One channel (luma) instead of three. */
  readonly grayscale?: boolean;
  readonly depth?: boolean;
  readonly normals?: boolean;
  /** Buffers of the image before, to save allocations. */
  readonly workspace?: Workspace;
}

/** An image with everything that is known about it. */
export interface RenderedImage {
  readonly size: number;
  readonly channels: 1 | 3;
  /** `[size, size, channels]`, 0 … 255, sRGB. */
  readonly image: Uint8Array;
  /** `[size, size]` part codes. */
  readonly parts: Uint8Array;
  /** 68 × [x, y], iBUG order, pixels, origin at the top-left corner of the top-left pixel. */
  readonly landmarks: readonly (readonly [number, number])[];
  readonly visible: readonly (0 | 1)[];
  readonly boundingBox: readonly [number, number, number, number];
  /** `[size, size]` millimetres from the camera's plane, 0 for the background. */
  readonly depth?: Uint16Array;
  /** `[size, size, 3]`: 255 · (n + 1) / 2 in camera space; 128 for the background. */
  readonly normals?: Uint8Array;
}

const strandKinds = new Set<Layer['kind']>(['hair', 'eyebrows', 'eyelashes']);

const lashColor: Color = [0.012, 0.01, 0.009];

function strandColor(scene: Scene, layer: Layer): Color {
  if (layer.kind === 'hair') return scene.hair!.color;
  if (layer.kind === 'eyelashes') return lashColor;
  return scene.identity.eyebrowColor;
}

function drawSolid(frame: Frame, layers: readonly Layer[]): void {
  const clothing = layers.find(({ kind }) => kind === 'clothing');
  for (const layer of layers) {
    if (strandKinds.has(layer.kind)) continue;
    rasterize(frame.grid, layer.projected, layer.surface.triangles, {
      firstTriangle: layer.firstTriangle,
      twoSided: layer.kind === 'clothing',
      hidden: layer.kind === 'body' ? clothing?.item?.hidesTriangles : undefined,
    });
  }
}

/** Renders a scene: a pure function, the same scene and size give the same bytes. */
export function renderImage(assets: Assets, scene: Scene, options: RenderOptions): RenderedImage {
  const { size, workspace = createWorkspace() } = options;
  const figure = buildFigure(assets, scene, { size, samplesPerPixel, workspace });
  const { layers, camera, headCentre } = figure;
  const frame = createFrame(size, workspace);
  drawSolid(frame, layers);

  const { light } = scene;
  const shadow = drawShadowMap(
    layers,
    { direction: light.keyDirection, softness: light.softness, centre: headCentre },
    workspace,
  );
  const background = workspace.floats('background', size * size * 3);
  drawBackground(scene.background, size, background);
  // The backdrop is painted as it should look, so the exposure must not change it.
  for (let i = 0; i < background.length; i++) background[i] /= light.exposure;
  const shader = surfaceShader(assets, scene, { layers, cameraDistance: camera.distance, shadow });
  shadeFrame(frame, layers, shader, background);

  const cards = layers
    .filter(({ kind }) => strandKinds.has(kind))
    .map((layer) => {
      const color = strandColor(scene, layer);
      const surroundings = { light, shadow, headCentre, cameraDistance: camera.distance };
      return { layer, light: strandLight(layer, { color, ...surroundings, workspace }) };
    });
  drawCards(frame, cards, workspace);

  const linear = workspace.floats('linear', size * size * 3);
  resolveFrame(frame, light.exposure, linear);
  const channels = options.grayscale ? 1 : 3;
  const { points, visible } = projectLandmarks(figure, frame);
  return {
    size,
    channels,
    image: develop(linear, { channels, noise: scene.camera.noise, seed: scene.background.pattern }),
    parts: partMask(assets, layers, frame),
    landmarks: points,
    visible,
    boundingBox: boundingBox(points),
    ...(options.depth ? { depth: depthMap(frame, layers) } : {}),
    ...(options.normals ? { normals: normalMap(frame, layers) } : {}),
  };
}
