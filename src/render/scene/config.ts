import { z } from 'zod';
import { resolveConfig } from '../../base/config.ts';

interface Bell {
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** A normal distribution, drawn again outside its limits. */
const bell = (defaults: Bell, description: string) =>
  z
    .strictObject({
      mean: z.number().default(defaults.mean).describe(description),
      deviation: z.number().min(0).default(defaults.deviation),
      min: z.number().default(defaults.min),
      max: z.number().default(defaults.max),
    })
    .refine(({ min, max }) => min <= max, { error: 'at most its max', path: ['min'] })
    .prefault({});

interface Limits {
  readonly low: number;
  readonly high: number;
}

const unlimited: Limits = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };

/** A distribution between two ends; even, where its description does not say more. */
const range = (min: number, max: number, description: string, { low, high }: Limits = unlimited) =>
  z
    .strictObject({
      min: z.number().min(low).max(high).default(min).describe(description),
      max: z.number().min(low).max(high).default(max),
    })
    .refine((value) => value.min <= value.max, { error: 'at most its max', path: ['min'] })
    .prefault({});

const probability = (value: number, description: string) =>
  z.number().min(0).max(1).default(value).describe(description);

const weight = (value: number, description = 'weight against its siblings') =>
  z.number().min(0).default(value).describe(description);

const group = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape).prefault({} as never);

/** What kinds of things are drawn by weight; where all weights are 0 nothing could be drawn. */
export const expressionKinds = [
  'smile',
  'grin',
  'speaking',
  'surprise',
  'concern',
  'pout',
  'pressed',
  'sneer',
] as const;
export const garmentKinds = ['casual', 'suit'] as const;
export const backgroundKinds = ['studio', 'bokeh', 'room', 'outdoor', 'wall'] as const;

/** Refuses weights that leave nothing to draw. */
function requireWeight<Name extends string>(
  names: readonly Name[],
): [(weights: Readonly<Record<Name, number>>) => boolean, { error: string; path: string[] }] {
  return [
    (weights) => names.some((name) => weights[name] > 0),
    { error: `above 0, or ${names.slice(1).join(' or ')} to be`, path: [names[0]] },
  ];
}

/** The distributions that scenes are drawn from; every key has a default. */
export const renderConfigSchema = z.strictObject({
  identity: group({
    age: bell({ mean: 38, deviation: 19, min: 16, max: 80 }, 'years'),
    male: probability(0.5, 'share of men'),
    ancestry: group({
      african: weight(1),
      asian: weight(1),
      caucasian: weight(1),
      mixing: z
        .number()
        .positive()
        .default(0.35)
        .describe('0.1: hardly any mixed ancestry; 2: mostly mixed'),
    }),
    weight: bell({ mean: 0.5, deviation: 0.17, min: 0.05, max: 1 }, '0 thin … 1 fat'),
    muscle: bell({ mean: 0.5, deviation: 0.15, min: 0.1, max: 0.95 }, '0 … 1'),
    shape: z.number().min(0).max(1).default(0.24).describe('deviation of the shape sliders'),
    asymmetry: z
      .number()
      .min(0)
      .max(1)
      .default(0.16)
      .describe('deviation of left-right differences'),
    complexion: bell(
      { mean: 0, deviation: 0.13, min: -0.5, max: 0.5 },
      'lighter (+) or darker (−) than usual for the ancestry',
    ),
  }),
  hair: group({
    none: probability(0.14, 'share of bald men; women a fourth of it'),
    stubble: probability(0.5, 'share of men with a beard of some days'),
    dyed: probability(0.01, 'share of unusual hair colours'),
  }),
  clothing: group({
    none: probability(0.04, 'share of bare shoulders'),
    casual: weight(1, 'weight of each garment that is no suit'),
    suit: weight(1, 'weight of each suit'),
    dyed: probability(0.75, 'share of clothes in one colour instead of their own pattern'),
  }).refine(...requireWeight(garmentKinds)),
  expression: group({
    neutral: probability(0.4, 'share of neutral faces'),
    intensity: bell({ mean: 0.45, deviation: 0.2, min: 0.1, max: 1 }, 'strength of the others'),
    smile: weight(4),
    grin: weight(2),
    speaking: weight(1.6),
    surprise: weight(0.7),
    concern: weight(0.8),
    pout: weight(0.6),
    pressed: weight(0.8),
    sneer: weight(0.25),
  }).refine(...requireWeight(expressionKinds)),
  eyes: group({
    closed: probability(0.04, 'share of closed eyes'),
    gazeYaw: bell({ mean: 0, deviation: 9, min: -28, max: 28 }, 'degrees against the head'),
    gazePitch: bell({ mean: 0, deviation: 5, min: -16, max: 16 }, 'degrees against the head'),
  }),
  pose: group({
    yaw: bell({ mean: 0, deviation: 19, min: -75, max: 75 }, 'degrees, + toward the right edge'),
    pitch: bell({ mean: 2, deviation: 9, min: -35, max: 35 }, 'degrees, + down'),
    roll: bell({ mean: 0, deviation: 6, min: -25, max: 25 }, 'degrees, + anticlockwise'),
    wide: probability(
      0.15,
      'share of poses whose yaw and pitch are drawn evenly between their limits',
    ),
  }),
  camera: group({
    distance: range(0.6, 3, 'metres, even in its logarithm', { low: 0.2, high: 100 }),
    faceHeight: bell(
      { mean: 0.47, deviation: 0.05, min: 0.3, max: 0.65 },
      'brows to chin as a share of the image',
    ),
    shiftX: bell(
      { mean: 0, deviation: 0.025, min: -0.15, max: 0.15 },
      'share of the image, + right',
    ),
    shiftY: bell(
      { mean: 0.05, deviation: 0.025, min: -0.15, max: 0.2 },
      'share of the image, + down',
    ),
    noise: range(0, 0.012, 'sensor noise, share of full scale', { low: 0, high: 1 }),
  }),
  light: group({
    keyAzimuth: bell(
      { mean: 0, deviation: 45, min: -110, max: 110 },
      'degrees from the camera, + right',
    ),
    keyElevation: bell({ mean: 32, deviation: 18, min: -10, max: 75 }, 'degrees'),
    keyShare: range(0.4, 0.82, 'share of the light that comes from the key light', {
      low: 0,
      high: 1,
    }),
    softness: range(1, 3, 'width of the penumbra', { low: 0.1, high: 100 }),
    warmth: bell({ mean: 0, deviation: 0.35, min: -1, max: 1 }, 'colour of the key light, + warm'),
    surroundings: bell(
      { mean: 0.2, deviation: 0.15, min: 0, max: 0.8 },
      'saturation of the other light',
    ),
    exposure: bell({ mean: 0, deviation: 0.22, min: -0.7, max: 0.6 }, 'stops'),
  }),
  background: group({
    studio: weight(1),
    bokeh: weight(1),
    room: weight(1),
    outdoor: weight(0.8),
    wall: weight(0.8),
    hue: range(0, 360, 'degrees: 0 red, 120 green, 240 blue; −20 … 20 is around red', {
      low: -360,
      high: 720,
    }),
    saturation: range(0, 0.6, 'mostly near the lower end', { low: 0, high: 1 }),
    brightness: range(0.06, 0.66, 'linear share of white, mostly near the lower end', {
      low: 0,
      high: 0.95,
    }),
    variety: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'how far the colours of one backdrop leave its hue (at 1 by up to 90 degrees) and its brightness (1.1 stops), and how uneven studio cloth is',
      ),
  }).refine(...requireWeight(backgroundKinds)),
});

export type RenderConfig = z.output<typeof renderConfigSchema>;
export type RenderConfigInput = z.input<typeof renderConfigSchema>;

/**
 * The configuration with a default for every key that is left out.
 *
 * @throws {UserError} for an unknown key, with the nearest known one, or a value that does not fit.
 */
export function renderConfig(values: RenderConfigInput = {}): RenderConfig {
  const file = { path: 'the configuration', value: values };
  return resolveConfig(renderConfigSchema, { file }).config;
}
