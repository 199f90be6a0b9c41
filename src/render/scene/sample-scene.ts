import { type RandomKey, randomKey, split } from '../../base/random.ts';
import type { Assets } from '../assets/assets.ts';
import { hairStyles, suitNames } from '../assets/catalog.ts';
import { clothColor } from './colors.ts';
import type { RenderConfig } from './config.ts';
import {
  drawBell,
  drawChance,
  drawNormal,
  drawRange,
  drawShare,
  drawWeighted,
  rounded,
} from './draw.ts';
import { sampleExpression } from './sample-expression.ts';
import { sampleIdentity } from './sample-identity.ts';
import { sampleBackground, sampleLight } from './sample-light.ts';
import type { Clothing, Hair, Identity, Scene } from './scene.ts';

function sampleHair(key: RandomKey, identity: Identity, config: RenderConfig['hair']): Hair | null {
  const femininity = 1 - 2 * identity.sex;
  const bald = config.none * (femininity > 0 ? 0.25 : 1);
  if (drawChance(key, 'none', bald)) return null;
  const style = drawWeighted(key, 'style', hairStyles, (option) => {
    const african = 'african' in option ? option.african * (identity.ancestry.african - 0.6) : 0;
    return Math.exp(option.lean * femininity + 2 * african);
  });
  return {
    style: style.name,
    mirrored: drawChance(key, 'mirrored', 0.5),
    color: identity.hairColor,
  };
}

/** Men's beards of some days; part of the skin, in its mask too. */
function sampleStubble(key: RandomKey, identity: Identity, probability: number): number {
  if (identity.sex < 0.5 || !drawChance(key, 'any', probability)) return 0;
  return rounded(0.08 + 0.5 * drawShare(key, 'density') ** 1.5);
}

function sampleClothing(
  key: RandomKey,
  identity: Identity,
  assets: Assets,
  config: RenderConfig['clothing'],
): Clothing | null {
  if (drawChance(key, 'none', config.none)) return null;
  const sex = identity.sex < 0.5 ? 'female' : 'male';
  const fitting = assets.clothes.filter((item) => item.name.startsWith(sex));
  return {
    item: drawWeighted(key, 'item', fitting, ({ name }) =>
      suitNames.has(name) ? config.suit : config.casual,
    ).name,
    color: clothColor(key),
    dye: drawChance(key, 'dyed', config.dyed) ? 1 : 0,
  };
}

/** Head angles, and a torso that turns part of the way with the head. */
function samplePose(key: RandomKey, config: RenderConfig['pose']) {
  const wide = drawChance(key, 'wide', config.wide);
  const angle = (name: 'yaw' | 'pitch' | 'roll') =>
    wide && name !== 'roll'
      ? drawRange(key, name, config[name])
      : drawBell(key, name, config[name]);
  const pose = { yaw: angle('yaw'), pitch: angle('pitch'), roll: angle('roll') };
  // Necks turn about 45 degrees at ease; the torso takes the rest.
  const follow =
    0.35 + 0.3 * drawShare(key, 'follow') + 0.25 * Math.min(1, Math.abs(pose.yaw) / 75);
  const torso = {
    yaw: rounded(pose.yaw * follow + 8 * drawNormal(key, 'torsoYaw')),
    pitch: rounded(pose.pitch * 0.25),
    roll: rounded(pose.roll * 0.3),
  };
  return { pose, torso };
}

function sampleCamera(key: RandomKey, config: RenderConfig['camera']): Scene['camera'] {
  const { min, max } = config.distance;
  return {
    distance: rounded(min * (max / min) ** drawShare(key, 'distance')),
    faceHeight: drawBell(key, 'faceHeight', config.faceHeight),
    shift: [drawBell(key, 'shiftX', config.shiftX), drawBell(key, 'shiftY', config.shiftY)],
    noise: drawRange(key, 'noise', config.noise),
  };
}

export interface SceneNumber {
  readonly seed: number;
  /** Number of the image, from 0. */
  readonly index: number;
  readonly imagesPerIdentity: number;
}

/**
 * The scene of an image: a pure function of the seed, the image's number and the distributions.
 * Images `k·imagesPerIdentity …` of a person share its identity and nothing else.
 */
export function sampleScene(
  assets: Assets,
  config: RenderConfig,
  { seed, index, imagesPerIdentity }: SceneNumber,
): Scene {
  const root = randomKey(seed);
  const person = split(root, 'identity', Math.floor(index / imagesPerIdentity));
  const key = split(root, 'image', index);
  const identity = sampleIdentity(person, assets, config);
  const { pose, torso } = samplePose(split(key, 'pose'), config.pose);
  const gazeKey = split(key, 'gaze');
  return {
    identity,
    hair: sampleHair(split(key, 'hair'), identity, config.hair),
    stubble: sampleStubble(split(key, 'stubble'), identity, config.hair.stubble),
    clothing: sampleClothing(split(key, 'clothing'), identity, assets, config.clothing),
    expression: sampleExpression(split(key, 'expression'), config),
    gaze: {
      yaw: drawBell(gazeKey, 'yaw', config.eyes.gazeYaw),
      pitch: drawBell(gazeKey, 'pitch', config.eyes.gazePitch),
    },
    pose,
    torso,
    camera: sampleCamera(split(key, 'camera'), config.camera),
    light: sampleLight(split(key, 'light'), config.light),
    background: sampleBackground(split(key, 'background'), config.background),
  };
}
