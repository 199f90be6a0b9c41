import type { Assets, FittedItem, JointName, Surface } from '../assets/assets.ts';
import type { Scene } from '../scene/scene.ts';
import { fitItem } from './fit-item.ts';
import type { LayerKind } from './layer.ts';
import { meanOf } from './mean-of.ts';
import type { Point } from './pose.ts';
import { headRotation, rotationMatrix } from './rotation.ts';
import type { Workspace } from './workspace.ts';

/** Vertices before posing, and how far they follow head and arms. */
export interface Shape {
  readonly positions: Float32Array;
  readonly headShare: Float32Array;
  readonly armShare: Float32Array;
}

/** A surface of the person before posing. */
export interface ShapedSurface {
  readonly kind: LayerKind;
  readonly surface: Surface;
  readonly item?: FittedItem;
  readonly shape: Shape;
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

/** Distance on the base mesh of the two vertices that tell the width of the head, decimetres. */
const baseHeadWidth = 1.48;

/** Fits eyes, hair, clothes and what else a scene shows to the morphed body. */
export function dress(
  assets: Assets,
  scene: Scene,
  bodyShape: Shape,
  workspace: Workspace,
): ShapedSurface[] {
  const { body } = assets;
  const joint = (name: JointName) => meanOf(bodyShape.positions, body.joints[name]);
  const [a, b] = body.headWidth;
  const width = Math.abs(bodyShape.positions[3 * a] - bodyShape.positions[3 * b]);
  return itemsOf(assets, scene).map(({ kind, item }) => {
    const count = item.references.length / 3;
    const shape: Shape = {
      positions: workspace.floats(kind, count * 3),
      headShare: workspace.floats(`${kind} head`, count),
      armShare: workspace.floats(`${kind} arm`, count),
    };
    fitItem(item, bodyShape, kind === 'clothing' ? 1 : width / baseHeadWidth, shape);
    if (kind === 'eyes') turnEyes(shape.positions, scene.gaze, joint('leftEye'), joint('rightEye'));
    if (kind === 'hair' && scene.hair?.mirrored) mirrorX(shape.positions);
    return { kind, surface: item, item, shape };
  });
}
