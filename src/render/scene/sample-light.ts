import { type RandomKey, split } from '../../base/random.ts';
import { colorOf, mix, roundedColor } from './colors.ts';
import { backgroundKinds, type RenderConfig } from './config.ts';
import { atShare, drawBell, drawRange, drawShare, drawWeighted, rounded } from './draw.ts';
import type { Background, Color, Direction, Light } from './scene.ts';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The direction at an azimuth (0 is the camera, + to the right) and an elevation, degrees. */
export function directionAt(azimuth: number, elevation: number): Direction {
  const [a, e] = [radians(azimuth), radians(elevation)];
  return [
    rounded(Math.sin(a) * Math.cos(e)),
    rounded(Math.sin(e)),
    rounded(Math.cos(a) * Math.cos(e)),
  ];
}

const warm: Color = [1.22, 0.98, 0.7];
const cool: Color = [0.86, 1, 1.2];
const neutral: Color = [1, 1, 1];

const scaled = (color: Color, factor: number) =>
  color.map((value) => value * factor) as unknown as Color;

/** Draws the key light and the light of the surroundings. */
export function sampleLight(key: RandomKey, config: RenderConfig['light']): Light {
  const share = drawRange(key, 'share', config.keyShare);
  const warmth = drawBell(key, 'warmth', config.warmth);
  const saturation = drawBell(key, 'surroundings', config.surroundings);
  const tinted = (label: string, value: number) =>
    scaled(mix(neutral, colorOf(drawShare(key, `${label}/hue`), 0.6, 1.2), saturation), value);
  const fill = 1 - share;
  const lobe = (label: string) => ({
    direction: directionAt(
      -170 + 340 * drawShare(key, `${label}/azimuth`),
      -20 + 80 * drawShare(key, `${label}/elevation`),
    ),
    color: roundedColor(tinted(label, fill * (0.25 + 0.75 * drawShare(key, `${label}/strength`)))),
  });
  return {
    keyDirection: directionAt(
      drawBell(key, 'azimuth', config.keyAzimuth),
      drawBell(key, 'elevation', config.keyElevation),
    ),
    keyColor: roundedColor(
      scaled(warmth > 0 ? mix(neutral, warm, warmth) : mix(neutral, cool, -warmth), share * 1.5),
    ),
    softness: drawRange(key, 'softness', config.softness),
    sky: roundedColor(tinted('sky', fill * 0.75)),
    ground: roundedColor(tinted('ground', fill * 0.3)),
    lobes: [lobe('left'), lobe('right')],
    exposure: rounded(1.42 * 2 ** drawBell(key, 'exposure', config.exposure)),
  };
}

/** A number of degrees as a share of the circle, 0 … 1. */
const turn = (degrees: number) => (((degrees / 360) % 1) + 1) % 1;

/** Draws a backdrop. */
export function sampleBackground(key: RandomKey, config: RenderConfig['background']): Background {
  const kind = drawWeighted(key, 'kind', backgroundKinds, (option) => config[option]);
  const palette = split(key, 'palette');
  const { variety } = config;
  const hue = atShare(config.hue, drawShare(palette, 'hue'));
  const brightness = atShare(config.brightness, drawShare(palette, 'brightness') ** 1.6);
  const colors = Array.from({ length: 4 }, (_, i) => {
    const spread = 180 * variety * (drawShare(palette, `hue${i}`) - 0.5);
    const saturation = atShare(config.saturation, drawShare(palette, `saturation${i}`) ** 1.4);
    const value = brightness * 2 ** (2.2 * variety * (drawShare(palette, `value${i}`) - 0.5));
    return roundedColor(colorOf(turn(hue + spread), saturation, Math.min(0.95, value)));
  });
  return { kind, colors, variety, pattern: Math.floor(drawShare(key, 'pattern') * 2 ** 31) };
}
