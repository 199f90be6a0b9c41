import type { Assets, Body, JointName } from '../assets/assets.ts';
import type { Scene } from '../scene/scene.ts';
import { type Camera, portraitCamera, project } from './camera.ts';
import { dress, type Shape, type ShapedSurface } from './dress.ts';
import { sceneTargetWeights } from './identity.ts';
import type { Figure, Layer, LayerKind } from './layer.ts';
import { meanOf } from './mean-of.ts';
import { morph } from './morph.ts';
import { computeNormals } from './normals.ts';
import { type Point, poseTable, poseVertices, type Skeleton } from './pose.ts';
import type { Workspace } from './workspace.ts';

/**
 * Depth-test lead of a layer, decimetres: skin would come through garments and hair here and there,
 * and brows lie on the skin.
 */
const advances: Partial<Record<LayerKind, number>> = { clothing: 0.1, eyebrows: 0.03, hair: 0.06 };

/** Upstream's teeth stand apart; grown by this they close up, decimetres. */
const teethGrowth = 0.009;

function inflate(positions: Float32Array, normals: Float32Array, distance: number): void {
  for (let i = 0; i < positions.length; i++) positions[i] += distance * normals[i];
}

function translate(positions: Float32Array, [x, y, z]: Point): void {
  for (let i = 0; i < positions.length; i += 3) {
    positions[i] -= x;
    positions[i + 1] -= y;
    positions[i + 2] -= z;
  }
}

/** Height of the face seen from the front: brows to chin, of the landmarks before posing. */
function faceHeight(positions: Float32Array, landmarks: Uint16Array): number {
  const brows = meanOf(positions, landmarks.subarray(17, 27));
  return brows[1] - positions[3 * landmarks[8] + 1];
}

function middle(a: Point, b: Point): Point {
  return [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]), 0.5 * (a[2] + b[2])];
}

function skeletonOf(body: Body, positions: Float32Array): Skeleton {
  const joint = (name: JointName) => meanOf(positions, body.joints[name]);
  return {
    pivot: middle(joint('neck'), joint('head')),
    leftShoulder: joint('leftShoulder'),
    rightShoulder: joint('rightShoulder'),
  };
}

/** Moves the face to the origin: between landmarks and ears, where a photographer would aim. */
function centreFace(body: Body, surfaces: readonly ShapedSurface[], positions: Float32Array): void {
  const face = meanOf(positions, body.landmarks);
  const ears = meanOf(positions, [body.landmarks[0], body.landmarks[16]]);
  const between = (k: 0 | 2) => 0.65 * face[k] + 0.35 * ears[k];
  const centre: Point = [between(0), face[1], between(2)];
  for (const { shape } of surfaces) translate(shape.positions, centre);
}

export interface FigureOptions {
  /** Edge of the image, pixels. */
  readonly size: number;
  readonly samplesPerPixel: number;
  readonly workspace: Workspace;
}

/** The layers of posed surfaces: normals and projections. */
function layersOf(
  surfaces: readonly ShapedSurface[],
  camera: Camera,
  surfaceVertexCount: number,
  { samplesPerPixel, workspace }: FigureOptions,
): Layer[] {
  let firstTriangle = 0;
  return surfaces.map(({ kind, surface, item, shape }) => {
    const used = kind === 'body' ? surfaceVertexCount : shape.positions.length / 3;
    const positions = shape.positions.subarray(0, used * 3);
    const normals = workspace.floats(`${kind} normals`, used * 3);
    computeNormals(positions, surface.triangles, normals);
    if (kind === 'teeth') inflate(positions, normals, teethGrowth);
    const projected = {
      x: workspace.floats(`${kind} x`, used),
      y: workspace.floats(`${kind} y`, used),
      nearness: workspace.floats(`${kind} nearness`, used),
    };
    const advance = advances[kind] ?? 0;
    project(positions, camera, { scale: samplesPerPixel, advance }, projected);
    const layer = { kind, surface, item, positions, normals, projected, advance, firstTriangle };
    firstTriangle += surface.triangles.length / 3;
    return layer;
  });
}

/** Builds the person of a scene in front of the camera. */
export function buildFigure(assets: Assets, scene: Scene, options: FigureOptions): Figure {
  const { body } = assets;
  const { workspace, size } = options;
  const positions = workspace.floats('body', body.vertexCount * 3);
  const bodyShape: Shape = { ...body, positions };
  morph(body.rest, assets.targets, sceneTargetWeights(scene, assets.details), positions);
  const faceDecimetres = faceHeight(positions, body.landmarks);
  const surfaces: ShapedSurface[] = [
    { kind: 'body', surface: body, shape: bodyShape },
    ...dress(assets, scene, bodyShape, workspace),
  ];
  const skeleton = skeletonOf(body, positions);
  const table = poseTable(scene);
  for (const { shape } of surfaces) poseVertices(shape, skeleton, table);
  centreFace(body, surfaces, positions);

  const camera = portraitCamera({ ...scene.camera, size, faceDecimetres });
  const landmark = (i: number) => 3 * body.landmarks[Math.floor(i / 3)] + (i % 3);
  return {
    layers: layersOf(surfaces, camera, body.surfaceVertexCount, options),
    camera,
    landmarks: Float32Array.from({ length: 68 * 3 }, (_, i) => positions[landmark(i)]),
    headCentre: middle(meanOf(positions, body.joints.head), meanOf(positions, body.landmarks)),
  };
}
