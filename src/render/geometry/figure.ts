import type { Assets, FittedItem, JointName, Surface } from '../assets/assets.ts';
import type { Projected } from '../raster/rasterize.ts';
import type { Scene } from '../scene/scene.ts';
import { type Camera, portraitCamera, project } from './camera.ts';
import { fitItem } from './fit-item.ts';
import { sceneTargetWeights } from './identity.ts';
import { morph } from './morph.ts';
import { computeNormals } from './normals.ts';
import { type Point, poseTable, poseVertices } from './pose.ts';
import { headRotation, rotationMatrix } from './rotation.ts';
import type { Workspace } from './workspace.ts';

export type LayerKind =
  | 'body'
  | 'eyes'
  | 'teeth'
  | 'tongue'
  | 'clothing'
  | 'eyebrows'
  | 'eyelashes'
  | 'hair';

/** A posed surface in camera space: x to the image's right, y up, z toward the camera, decimetres. */
export interface Layer {
  readonly kind: LayerKind;
  readonly surface: Surface;
  readonly item?: FittedItem;
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly projected: Projected;
  /** Number of its first triangle among all layers. */
  readonly firstTriangle: number;
}

export interface Figure {
  readonly layers: readonly Layer[];
  readonly camera: Camera;
  /** `[68, 3]` in camera space. */
  readonly landmarks: Float32Array;
  /** Middle of the head, camera space. */
  readonly headCentre: Point;
}

interface Shape {
  readonly positions: Float32Array;
  readonly headShare: Float32Array;
  readonly armShare: Float32Array;
}

/** The mean of some vertices. */
function meanOf(positions: Float32Array, vertices: ArrayLike<number>): Point {
  const sum = [0, 0, 0];
  for (let i = 0; i < vertices.length; i++) {
    for (let k = 0; k < 3; k++) sum[k] += positions[3 * vertices[i] + k];
  }
  return sum.map((value) => value / vertices.length) as unknown as Point;
}

/**
 * Depth-test lead of a layer, decimetres: garments are fitted loosely enough that skin would come
 * through, and brows lie on the skin.
 */
const advances: Partial<Record<LayerKind, number>> = { clothing: 0.1, eyebrows: 0.03 };

/** Upstream's teeth stand apart; grown by this they close up, decimetres. */
const teethGrowth = 0.009;

function inflate(positions: Float32Array, normals: Float32Array, distance: number): void {
  for (let i = 0; i < positions.length; i++) positions[i] += distance * normals[i];
}

/** Opening of the mouth from which teeth and tongue can be seen. */
const openMouth = 0.04;
const openingUnits = ['mouth-open', 'mouth-parling', 'mouth-part-later', 'mouth-corner-puller'];

function itemsOf(assets: Assets, scene: Scene): { kind: LayerKind; item: FittedItem }[] {
  const named = (items: readonly FittedItem[], name: string): FittedItem => {
    const item = items.find((candidate) => candidate.name === name);
    if (item === undefined) throw new Error(`no item named ${name}`);
    return item;
  };
  const opening = openingUnits.reduce((sum, unit) => sum + (scene.expression[unit] ?? 0), 0);
  const { identity, hair, clothing } = scene;
  const items: { kind: LayerKind; item: FittedItem }[] = [{ kind: 'eyes', item: assets.eyes }];
  if (opening > openMouth) {
    items.push({ kind: 'teeth', item: assets.teeth }, { kind: 'tongue', item: assets.tongue });
  }
  if (clothing !== null)
    items.push({ kind: 'clothing', item: named(assets.clothes, clothing.item) });
  items.push({ kind: 'eyebrows', item: named(assets.eyebrows, identity.eyebrows) });
  items.push({ kind: 'eyelashes', item: named(assets.eyelashes, identity.eyelashes) });
  if (hair !== null) items.push({ kind: 'hair', item: named(assets.hair, hair.style) });
  return items;
}

/** Turns the eyeballs about their centres, before the head turns. */
function turnEyes(positions: Float32Array, gaze: Scene['gaze'], left: Point, right: Point): void {
  const m = rotationMatrix(headRotation({ ...gaze, roll: 0 }));
  for (let i = 0; i < positions.length; i += 3) {
    const centre = positions[i] > 0 ? left : right;
    const x = positions[i] - centre[0];
    const y = positions[i + 1] - centre[1];
    const z = positions[i + 2] - centre[2];
    for (let k = 0; k < 3; k++) {
      positions[i + k] = centre[k] + m[3 * k] * x + m[3 * k + 1] * y + m[3 * k + 2] * z;
    }
  }
}

function mirrorX(positions: Float32Array): void {
  for (let i = 0; i < positions.length; i += 3) positions[i] = -positions[i];
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

/** Builds the person of a scene in front of the camera. */
export function buildFigure(
  assets: Assets,
  scene: Scene,
  options: {
    readonly size: number;
    readonly samplesPerPixel: number;
    readonly workspace: Workspace;
  },
): Figure {
  const { body } = assets;
  const { workspace, size, samplesPerPixel } = options;
  const bodyShape: Shape = {
    positions: workspace.floats('body', body.vertexCount * 3),
    headShare: body.headShare,
    armShare: body.armShare,
  };
  morph(body.rest, assets.targets, sceneTargetWeights(scene, assets.details), bodyShape.positions);
  const joint = (name: JointName) => meanOf(bodyShape.positions, body.joints[name]);
  const [a, b] = body.headWidth;
  const headScale = Math.abs(bodyShape.positions[3 * a] - bodyShape.positions[3 * b]) / 1.48;
  const faceDecimetres = faceHeight(bodyShape.positions, body.landmarks);

  const shapes: { kind: LayerKind; surface: Surface; item?: FittedItem; shape: Shape }[] = [
    { kind: 'body', surface: body, shape: bodyShape },
  ];
  for (const { kind, item } of itemsOf(assets, scene)) {
    const count = item.references.length / 3;
    const shape: Shape = {
      positions: workspace.floats(kind, count * 3),
      headShare: workspace.floats(`${kind} head`, count),
      armShare: workspace.floats(`${kind} arm`, count),
    };
    fitItem(item, bodyShape, kind === 'clothing' ? 1 : headScale, shape);
    if (kind === 'eyes') turnEyes(shape.positions, scene.gaze, joint('leftEye'), joint('rightEye'));
    if (kind === 'hair' && scene.hair?.mirrored) mirrorX(shape.positions);
    shapes.push({ kind, surface: item, item, shape });
  }

  const [neck, head] = [joint('neck'), joint('head')];
  const pivot = [0, 1, 2].map((k) => 0.5 * (neck[k] + head[k])) as unknown as Point;
  const skeleton = {
    pivot,
    leftShoulder: joint('leftShoulder'),
    rightShoulder: joint('rightShoulder'),
  };
  const table = poseTable(scene);
  for (const { shape } of shapes) poseVertices(shape, skeleton, table);

  // The face is centred between its landmarks and the middle of the head, as a photographer would.
  const face = meanOf(bodyShape.positions, body.landmarks);
  const ears = meanOf(bodyShape.positions, [body.landmarks[0], body.landmarks[16]]);
  const centre = face.map((value, k) => 0.65 * value + 0.35 * (k === 1 ? value : ears[k]));
  for (const { shape } of shapes) translate(shape.positions, centre as unknown as Point);

  const camera = portraitCamera({ ...scene.camera, size, faceDecimetres });
  let firstTriangle = 0;
  const layers = shapes.map(({ kind, surface, item, shape }): Layer => {
    const used = kind === 'body' ? body.surfaceVertexCount : shape.positions.length / 3;
    const positions = shape.positions.subarray(0, used * 3);
    const normals = workspace.floats(`${kind} normals`, used * 3);
    computeNormals(positions, surface.triangles, normals);
    if (kind === 'teeth') inflate(positions, normals, teethGrowth);
    const projected = {
      x: workspace.floats(`${kind} x`, used),
      y: workspace.floats(`${kind} y`, used),
      nearness: workspace.floats(`${kind} nearness`, used),
    };
    project(positions, camera, { scale: samplesPerPixel, advance: advances[kind] }, projected);
    const layer = { kind, surface, item, positions, normals, projected, firstTriangle };
    firstTriangle += surface.triangles.length / 3;
    return layer;
  });
  const landmarks = Float32Array.from(
    { length: 68 * 3 },
    (_, i) => bodyShape.positions[3 * body.landmarks[Math.floor(i / 3)] + (i % 3)],
  );
  const middle = meanOf(bodyShape.positions, body.joints.head);
  const headCentre: Point = [0, 1, 2].map(
    (k) => 0.5 * (middle[k] + face[k] - centre[k]),
  ) as unknown as Point;
  return { layers, camera, landmarks, headCentre };
}
