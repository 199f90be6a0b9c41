import type { RenderConfigInput } from '../../../src/render/scene/config.ts';
import { type Row, rowsOf } from '../row.ts';

const row = rowsOf({ group: 'renders', preset: 'lifelike', minutes: 20, channels: [3] });

/** One even cloth in the blue of the portraits' backdrops: their hue, saturation and brightness. */
const blueCloth = {
  background: {
    ...{ bokeh: 0, room: 0, outdoor: 0, wall: 0 },
    hue: { min: 200, max: 212 },
    saturation: { min: 0.42, max: 0.66 },
    brightness: { min: 0.22, max: 0.4 },
    variety: 0.12,
  },
} satisfies RenderConfigInput;

/** Members of a parliament: mostly past fifty, in suits; they face the camera and smile. */
const portraits = {
  ...blueCloth,
  identity: {
    age: { mean: 57, deviation: 11, min: 30 },
    male: 0.7,
    ancestry: { african: 0.1, asian: 0.05, caucasian: 0.85 },
    complexion: { mean: -0.12 },
    weight: { mean: 0.72 },
  },
  hair: { none: 0.07, dyed: 0 },
  clothing: { none: 0, casual: 0, dyed: 0 },
  expression: {
    neutral: 0.05,
    intensity: { mean: 0.9 },
    grin: 5,
    ...{ speaking: 0, surprise: 0, concern: 0, pout: 0, sneer: 0 },
  },
  eyes: { closed: 0, gazeYaw: { deviation: 2 }, gazePitch: { deviation: 2 } },
  pose: { yaw: { deviation: 6 }, pitch: { deviation: 5 }, roll: { deviation: 4 }, wide: 0 },
  camera: { distance: { min: 1.5 }, faceHeight: { mean: 0.52 }, shiftY: { mean: 0.06 } },
  light: {
    keyAzimuth: { deviation: 25 },
    keyElevation: { mean: 35, deviation: 10 },
    softness: { min: 2 },
    warmth: { deviation: 0.15 },
    surroundings: { mean: 0.05 },
    exposure: { mean: -0.12 },
  },
} satisfies RenderConfigInput;

/** The same recipe on renders that are drawn more and more like the photographs. */
export const renderRows: readonly Row[] = [
  row({
    name: 'lifelike-blue-cloth',
    question: 'What is left of the gap when the backdrops are like those of the photographs?',
    renders: blueCloth,
  }),
  row({
    name: 'lifelike-portraits',
    question: 'And when people, clothes, expressions, poses, framing and light are too?',
    renders: portraits,
  }),
  row({
    name: 'lifelike-portraits-two-hours',
    question: 'How far does the recipe come on such renders with two hours?',
    renders: portraits,
    minutes: 120,
    seeds: [1],
  }),
];
