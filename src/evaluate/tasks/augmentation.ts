import { normal, type RandomKey, randomKey, split, uniform } from '../../base/random.ts';
import { mirroredLandmarks, type Point } from '../../faces/index.ts';
import { cropMargin, cropSize, type LabelledFace } from './labelled-faces.ts';
import { taskInputSize } from './trainable-network.ts';

/** How much a face is changed before the network sees it. */
export type AugmentationStrength = 'none' | 'framed' | 'weak' | 'strong';

/** A network input `[3, 64, 64]` in −1 … 1 with its landmarks as fractions of its side. */
export interface Sample {
  readonly image: Float32Array;
  readonly landmarks: readonly Point[];
}

/**
 * Largest changes: turn in degrees, scale as a factor, shift as a fraction of the frame. The boxes
 * of the frozen face detector on 40 portraits lie beside the frames of their labels by a standard
 * deviation of 2.5 (to the side) and 3.0 % of the frame and differ in size by 12 %: `framed` is as
 * wrong, 2.9 and 10.5 % (scripts/reference/detector-frames.mjs).
 */
const geometry = {
  none: { turn: 0, scale: 1, shift: 0, flips: false },
  framed: { turn: 0, scale: 1.2, shift: 0.05, flips: false },
  weak: { turn: 5, scale: 1.2, shift: 0.05, flips: true },
  strong: { turn: 25, scale: 1.25, shift: 0.08, flips: true },
} as const;

const size = taskInputSize;
const area = size * size;

/**
 * Cuts the frame out of a face's crop. `framed` adds the errors of a face detector, `weak` small
 * turns and mirror images too; `strong` adds larger ones, colours, blur, noise and patches that
 * hide a part.
 */
export function sampleFace(
  face: LabelledFace,
  strength: AugmentationStrength,
  key: RandomKey,
): Sample {
  const { turn, scale, shift, flips } = geometry[strength];
  const u = uniform(split(key, 'geometry'), 5).map((value) => 2 * value - 1);
  const angle = (turn * u[0] * Math.PI) / 180;
  // From output pixels to pixels of the crop, about the centre of both.
  const zoom = (cropSize / (cropMargin * size)) * scale ** u[1];
  const [cosine, sine] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
  const flip = flips && u[4] > 0 ? -1 : 1;
  const frame = cropSize / cropMargin;
  const [dx, dy] = [cropSize / 2 + shift * frame * u[2], cropSize / 2 + shift * frame * u[3]];
  const image = new Float32Array(3 * area);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const p = flip * (x + 0.5 - size / 2);
      const q = y + 0.5 - size / 2;
      const place = { x: cosine * p - sine * q + dx, y: sine * p + cosine * q + dy };
      writePixel(image, y * size + x, face.crop, place);
    }
  }
  const square = cosine * cosine + sine * sine;
  const landmarks = face.landmarks.map((_, i): Point => {
    const [px, py] = face.landmarks[flip < 0 ? mirroredLandmarks[i] : i];
    const [vx, vy] = [px * cropSize - dx, py * cropSize - dy];
    const p = (flip * (cosine * vx + sine * vy)) / square;
    const q = (cosine * vy - sine * vx) / square;
    return [p / size + 0.5, q / size + 0.5];
  });
  if (strength === 'strong') changeLight(image, split(key, 'light'));
  return { image, landmarks };
}

/** Bilinear; beyond the crop's border its last pixels go on. */
function writePixel(
  image: Float32Array,
  at: number,
  crop: Uint8Array,
  { x, y }: { readonly x: number; readonly y: number },
): void {
  const u = Math.min(Math.max(x - 0.5, 0), cropSize - 1.001);
  const v = Math.min(Math.max(y - 0.5, 0), cropSize - 1.001);
  const left = Math.floor(u);
  const top = Math.floor(v);
  const a = u - left;
  const b = v - top;
  for (let c = 0; c < 3; c++) {
    const i = (c * cropSize + top) * cropSize + left;
    const upper = crop[i] + a * (crop[i + 1] - crop[i]);
    const lower = crop[i + cropSize] + a * (crop[i + cropSize + 1] - crop[i + cropSize]);
    image[c * area + at] = (upper + b * (lower - upper)) / 127.5 - 1;
  }
}

/** Normal numbers that images take a part of: drawing each anew took most of a training's time. */
const noiseBank = normal(randomKey(0), 2 ** 18);

/** Steps of a brightness curve from 0 to 1, and where it ends: colours reach over white. */
const [curveSteps, curveEnd] = [1024, 2];

function gammaCurve(gamma: number): Float32Array {
  return Float32Array.from(
    { length: curveEnd * curveSteps + 1 },
    (_, i) => (i / curveSteps) ** gamma,
  );
}

/** Colour, contrast, gamma, saturation, blur, noise and a hidden patch, each by chance. */
function changeLight(image: Float32Array, key: RandomKey): void {
  const u = uniform(key, 16);
  const within = (i: number, low: number, high: number) => low + u[i] * (high - low);
  const gains = [within(0, 0.75, 1.25), within(1, 0.75, 1.25), within(2, 0.75, 1.25)];
  const saturation = u[3] < 0.2 ? 0 : within(4, 0.5, 1.4);
  const curve = gammaCurve(within(5, 0.6, 1.6));
  const [contrast, light] = [within(6, 0.7, 1.3), within(7, -0.2, 0.2)];
  for (let i = 0; i < area; i++) {
    const luma = 0.299 * image[i] + 0.587 * image[area + i] + 0.114 * image[2 * area + i];
    for (let c = 0; c < 3; c++) {
      const colour = luma + saturation * (image[c * area + i] - luma);
      const at = Math.min(Math.max(((colour + 1) / 2) * gains[c], 0), curveEnd) * curveSteps;
      const bright = curve[Math.round(at)];
      image[c * area + i] = (2 * bright - 1) * contrast + light;
    }
  }
  for (let round = 0; round < Math.floor(u[8] * 3); round++) blurOnce(image);
  if (u[9] < 0.5) {
    const [start] = uniform(split(key, 'noise'), 1);
    const from = Math.floor(start * (noiseBank.length - image.length));
    for (let i = 0; i < image.length; i++) image[i] += 0.1 * u[10] * noiseBank[from + i];
  }
  if (u[11] < 0.3) hidePatch(image, u.subarray(12, 16));
  for (let i = 0; i < image.length; i++) image[i] = Math.min(Math.max(image[i], -1), 1);
}

/** [1 2 1] / 4 along rows and columns. */
function blurOnce(image: Float32Array): void {
  for (const step of [1, size]) {
    const before = image.slice();
    for (let i = step; i < image.length - step; i++) {
      image[i] = (before[i - step] + 2 * before[i] + before[i + step]) / 4;
    }
  }
}

function hidePatch(image: Float32Array, [u, v, w, grey]: Float64Array): void {
  const side = Math.floor(8 + 16 * w);
  const [left, top] = [Math.floor(u * (size - side)), Math.floor(v * (size - side))];
  for (let c = 0; c < 3; c++) {
    for (let y = top; y < top + side; y++) {
      const row = c * area + y * size;
      image.fill(2 * grey - 1, row + left, row + left + side);
    }
  }
}
