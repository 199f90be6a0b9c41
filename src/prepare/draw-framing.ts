import { normal, type RandomKey, split, uniform } from '../base/random.ts';
import type { ImageSize } from '../data/decode.ts';
import { boundingBox, type Landmarks, type Similarity, scaleOf } from '../faces/index.ts';
import type { PrepareConfig } from './config.ts';
import { cropMap, type Framing, mirroredHead, outsideShare } from './framing.ts';

/** Draws a framing with a key. */
export type FramingDraw = (key: RandomKey) => Framing;

/** Draws the framing of one face of a set: place, size and roll stay together. */
export function drawLike(faces: readonly Framing[]): FramingDraw {
  return (key) => {
    const [share] = uniform(key, 1);
    const { scale, centerX, centerY, roll } = faces[Math.floor(share * faces.length)];
    return { scale, centerX, centerY, roll };
  };
}

/** Draws each quantity from a normal distribution, cut off at 2.5 standard deviations. */
export function drawNormal(config: PrepareConfig['framing']): FramingDraw {
  return (key) => {
    const draws = normal(key, 4).map((value) => Math.min(Math.max(value, -2.5), 2.5));
    const [scale, centerX, centerY, roll] = (['scale', 'centerX', 'centerY', 'roll'] as const).map(
      (quantity, i) => config[quantity].mean + draws[i] * config[quantity].deviation,
    );
    return { scale: Math.max(scale, 0.05), centerX, centerY, roll };
  };
}

/** A crop of a photograph. */
export interface ChosenCrop {
  readonly framing: Framing;
  /** From the photograph to the crop. */
  readonly map: Similarity;
  /** Share of the crop outside of the photograph, 0 … 1. */
  readonly fill: number;
  /** Pixels of the crop a pixel of the photograph. */
  readonly enlargement: number;
}

export interface ChooseCropOptions {
  readonly landmarks: Landmarks;
  readonly photograph: ImageSize;
  readonly draw: FramingDraw;
  readonly key: RandomKey;
  readonly config: PrepareConfig;
}

/** How far the mirror image of a head may reach into a crop, as a share of its height. */
const acceptedMirror = 0.04;
/** From here on a second face is seen at the edge. */
const worstMirror = 0.3;

/** How unlike two framings are, in steps that an eye finds about equal. */
function difference(p: Framing, q: Framing): number {
  const place = Math.hypot(p.centerX - q.centerX, p.centerY - q.centerY);
  return Math.hypot(Math.log(p.scale / q.scale), place, (p.roll - q.roll) / 90);
}

/**
 * Draws a framing and, where the crop would leave the photograph (by more than `acceptedFill`, or
 * so that the fill mirrors the head) or enlarge it more than allowed, draws again: of the draws
 * that fit, the one most like the first is taken, so that the distribution shifts little; where
 * none fits, the one whose fill is least conspicuous, or why there is none.
 */
export function chooseCrop(options: ChooseCropOptions): ChosenCrop | 'too-small' | 'extreme-crop' {
  const { landmarks, photograph, draw, key, config } = options;
  const { framing: rules, drop, size } = config;
  const head = boundingBox(landmarks).height;
  const first = draw(split(key, 0));
  let best: (ChosenCrop & { readonly cost: number; readonly mirrored: number }) | undefined;
  for (let attempt = 0; attempt < rules.draws; attempt++) {
    const framing = attempt === 0 ? first : draw(split(key, attempt));
    const map = cropMap(landmarks, framing, size);
    const enlargement = scaleOf(map);
    if (enlargement > drop.enlargement) continue;
    const geometry = { map, size, photograph };
    const fill = outsideShare(geometry);
    const mirrored = mirroredHead(landmarks, geometry) / head;
    const fits = fill <= rules.acceptedFill && mirrored <= acceptedMirror;
    const cost = fits ? difference(framing, first) : 1000 * (1 + fill + mirrored);
    if (best === undefined || cost < best.cost) {
      best = { framing, map, fill, enlargement, cost, mirrored };
    }
    if (cost === 0) break;
  }
  if (best === undefined) return 'too-small';
  const { framing, map, fill, enlargement, mirrored } = best;
  if (fill > drop.fill || mirrored > worstMirror) return 'extreme-crop';
  return { framing, map, fill, enlargement };
}
