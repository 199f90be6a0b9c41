import { type Row, rowsOf } from '../row.ts';

const row = rowsOf({ group: 'renders', preset: 'lifelike', minutes: 20, channels: [3] });

const only = (group: string, names: readonly string[], kept: readonly string[]) =>
  names.filter((name) => !kept.includes(name)).map((name) => `${group}.${name}=0`);

/** One even cloth in the blue of the portraits' backdrops: their hue, saturation and brightness. */
const blueCloth = [
  ...only('background', ['studio', 'bokeh', 'room', 'outdoor', 'wall'], ['studio']),
  ...['hue.min=200', 'hue.max=212', 'saturation.min=0.42', 'saturation.max=0.66'].map(
    (text) => `background.${text}`,
  ),
  ...['brightness.min=0.22', 'brightness.max=0.4', 'variety=0.12'].map(
    (text) => `background.${text}`,
  ),
];

/** Facing the camera, under soft light from the front. */
const posed = [
  ...['wide=0', 'yaw.deviation=6', 'pitch.deviation=5', 'roll.deviation=4'].map(
    (text) => `pose.${text}`,
  ),
  ...['closed=0', 'gazeYaw.deviation=2', 'gazePitch.deviation=2'].map((text) => `eyes.${text}`),
  'camera.distance.min=1.5',
  'camera.faceHeight.mean=0.52',
  'camera.shiftY.mean=0.06',
  ...['keyAzimuth.deviation=25', 'keyElevation.mean=35', 'keyElevation.deviation=10'].map(
    (text) => `light.${text}`,
  ),
  ...[
    'softness.min=2',
    'warmth.deviation=0.15',
    'surroundings.mean=0.05',
    'exposure.mean=-0.12',
  ].map((text) => `light.${text}`),
];

/** Members of a parliament: mostly men, mostly past fifty, who smile, in suits. */
const members = [
  ...['age.mean=57', 'age.deviation=11', 'age.min=30', 'male=0.83', 'weight.mean=0.64'].map(
    (text) => `identity.${text}`,
  ),
  ...['african=0.1', 'asian=0.05', 'caucasian=0.85'].map((text) => `identity.ancestry.${text}`),
  'identity.complexion.mean=-0.12',
  'hair.none=0.1',
  'hair.dyed=0',
  ...['none=0', 'casual=0', 'dyed=0'].map((text) => `clothing.${text}`),
  'expression.neutral=0.12',
  'expression.intensity.mean=0.6',
  'expression.grin=5',
  ...only(
    'expression',
    ['smile', 'grin', 'speaking', 'surprise', 'concern', 'pout', 'pressed', 'sneer'],
    ['smile', 'grin', 'pressed'],
  ),
];

/** The same recipe on renders that are drawn more and more like the photographs. */
export const renderRows: readonly Row[] = [
  row({
    name: 'lifelike-blue-cloth',
    question: 'What is left of the gap when the backdrops are like those of the photographs?',
    renders: blueCloth,
  }),
  row({
    name: 'lifelike-portraits',
    question: 'And when people, expressions, poses and light are too?',
    renders: [...blueCloth, ...posed, ...members],
  }),
];
