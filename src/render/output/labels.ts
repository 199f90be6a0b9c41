import { type Assets, type Body, islands } from '../assets/assets.ts';
import { parts } from '../assets/parts.ts';
import type { Layer, LayerKind } from '../geometry/layer.ts';
import type { Frame } from '../raster/frame.ts';
import { layerOf } from '../shading/shade-frame.ts';

const bodyLabels = new WeakMap<Body, Uint8Array>();

function bodyLabel(body: Body, triangle: number): number {
  const corners = [0, 1, 2].map((k) => body.triangles[3 * triangle + k]);
  const mean = (scores: ArrayLike<number>) => corners.reduce((sum, v) => sum + scores[v], 0) / 3;
  const isLeft = corners.reduce((sum, v) => sum + body.rest[3 * v], 0) > 0;
  if (body.island[triangle] === islands.mouthCavity) return parts.innerMouth;
  if (body.island[triangle] === islands.eyeSocket) return isLeft ? parts.leftEye : parts.rightEye;
  if (mean(body.scores.lips) > 0)
    return mean(body.lowerLip) > 0.5 ? parts.lowerLip : parts.upperLip;
  if (mean(body.scores.nose) > 0) return parts.nose;
  if (mean(body.scores.ear) > 0) return isLeft ? parts.leftEar : parts.rightEar;
  return mean(body.scores.neck) > 0 ? parts.neck : parts.skin;
}

/** The part of every triangle of the body; borders run along edges, see `regions.ts`. */
function labelsOf(body: Body): Uint8Array {
  let labels = bodyLabels.get(body);
  if (labels === undefined) {
    labels = Uint8Array.from(body.island, (_, triangle) => bodyLabel(body, triangle));
    bodyLabels.set(body, labels);
  }
  return labels;
}

const solidParts: Readonly<Record<LayerKind, number>> = {
  body: parts.skin,
  eyes: parts.leftEye,
  teeth: parts.innerMouth,
  tongue: parts.innerMouth,
  clothing: parts.clothing,
  eyebrows: parts.skin,
  eyelashes: parts.skin,
  hair: parts.hair,
};

/** Opacity from which strands count as a part of their own; brows are thin. */
const covered = 0.5;
const browCovered = 0.22;

/**
 * The part mask: each pixel takes the part that most of its four samples show (the first of them
 * where two parts tie). Brows and hair count where they hide half of what is behind.
 */
export function partMask(assets: Assets, layers: readonly Layer[], frame: Frame): Uint8Array {
  const { size, grid, hairCover, browCover } = frame;
  const labels = labelsOf(assets.body);
  const sampleLabel = (sample: number): number => {
    const number = grid.triangle[sample];
    if (hairCover[sample] > covered) return parts.hair;
    if (number < 0) return parts.background;
    const layer = layerOf(layers, number);
    const triangle = number - layer.firstTriangle;
    if (layer.kind === 'eyes') return isLeftEye(assets, triangle) ? parts.leftEye : parts.rightEye;
    const label = layer.kind === 'body' ? labels[triangle] : solidParts[layer.kind];
    if (browCover[sample] > browCovered && (label === parts.skin || label === parts.nose)) {
      return isLeftSide(assets, layer, triangle) ? parts.leftBrow : parts.rightBrow;
    }
    return label;
  };
  const mask = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const s = 2 * y * grid.width + 2 * x;
      const a = sampleLabel(s);
      const b = sampleLabel(s + 1);
      const c = sampleLabel(s + grid.width);
      const d = sampleLabel(s + grid.width + 1);
      mask[y * size + x] =
        a === b || a === c || a === d ? a : b === c || b === d ? b : c === d ? c : a;
    }
  }
  return mask;
}

/** Which eyeball a triangle belongs to, by the lids it hangs on. */
function isLeftEye({ body, eyes }: Assets, triangle: number): boolean {
  return body.rest[3 * eyes.references[3 * eyes.triangles[3 * triangle]]] > 0;
}

function isLeftSide(assets: Assets, layer: Layer, triangle: number): boolean {
  return layer.kind === 'body' && assets.body.rest[3 * assets.body.triangles[3 * triangle]] > 0;
}
