// What a filter alone can do: mean power spectra of renders, photographs and refined renders by the
// size of structures, in luma and chroma, and the share of the gap in kid-inception-mixed5 that is
// closed by the filter which brings the renders' spectrum to the photographs' (refiner.equalizer).
//
//   npm run build && node scripts/reference/power-spectra.mjs RENDERS_DIR TRAINING_FACES_DIR OTHER_FACES_DIR [REFINED_DIR]
//
// Spectra are those of the first 300 renders and of all training photographs; distances those to
// the other photographs. All images must have one size.
import { join } from 'node:path';
import { openDataset } from '../../dist/data/dataset.js';
import { equalizingGains, equalizingKernel } from '../../dist/data/equalizing-kernel.js';
import { byteOf } from '../../dist/data/pixels.js';
import { createPowerSpectrumMeter } from '../../dist/data/power-spectrum.js';
import {
  createRealismMeter,
  kernelDistanceBetween,
} from '../../dist/evaluate/realism/realism-meter.js';
import { lumaChromaRows } from '../../dist/losses/luminance.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';

const most = 300;
const side = 32;
const periods = [16, 8, 4, 3, 2, 1.5];

const [rendersFolder, trainingFolder, otherFolder, refinedFolder] = process.argv.slice(2);

async function readAll(folder, count = Number.POSITIVE_INFINITY) {
  const { directory, images } = await openDataset(folder);
  return Promise.all(
    images.slice(0, count).map((name) => loadImage(join(directory, name), { channels: 3 })),
  );
}

/** Luma, Cb and Cr of an image, values −1 … 1. */
function planesOf({ pixels, width, height }) {
  const area = width * height;
  return lumaChromaRows.map((row) => ({
    width,
    height,
    data: Float32Array.from({ length: area }, (_, at) =>
      row.reduce((sum, weight, c) => sum + weight * (pixels[c * area + at] / 127.5 - 1), 0),
    ),
  }));
}

function spectraOf(images) {
  const meters = lumaChromaRows.map(() => createPowerSpectrumMeter(side));
  for (const image of images) {
    for (const [c, plane] of planesOf(image).entries()) meters[c].add(plane);
  }
  return meters.map((meter) => meter.spectrum());
}

/** An image under a kernel `[3, 3, k, k]`, mirrored at the border. */
function filtered({ pixels, width, height }, { data, shape }) {
  const [, , k] = shape;
  const radius = (k - 1) / 2;
  const area = width * height;
  const mirrored = (at, size) => (at < 0 ? -at : at >= size ? 2 * size - 2 - at : at);
  const result = new Uint8Array(3 * area);
  for (let to = 0; to < 3; to++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let from = 0; from < 3; from++) {
          for (let dy = 0; dy < k; dy++) {
            const row = from * area + mirrored(y + dy - radius, height) * width;
            const weights = ((to * 3 + from) * k + dy) * k;
            for (let dx = 0; dx < k; dx++) {
              const column = mirrored(x + dx - radius, width);
              sum += data[weights + dx] * (pixels[row + column] / 127.5 - 1);
            }
          }
        }
        result[to * area + y * width + x] = byteOf(sum);
      }
    }
  }
  return { width, height, pixels: result };
}

const renders = await readAll(rendersFolder, most);
const refined = refinedFolder === undefined ? undefined : await readAll(refinedFolder, most);
const photographs = spectraOf(await readAll(trainingFolder));
const gains = spectraOf(renders).map((spectrum, c) => equalizingGains(spectrum, photographs[c]));
const kernel = equalizingKernel(gains, side);
const equalized = renders.map((image) => filtered(image, kernel));
const sets = { renders, 'renders, filtered': equalized, ...(refined && { refined }) };

console.log(`power against the photographs, at periods of ${periods.join(', ')} pixels`);
for (const [label, images] of Object.entries(sets)) {
  for (const [c, { power }] of spectraOf(images).entries()) {
    const ratios = periods.map((period) => {
      const bin = Math.round(side / period);
      return (power[bin] / photographs[c].power[bin]).toFixed(2).padStart(6);
    });
    console.log(`${label.padEnd(18)} ${['luma', 'Cb', 'Cr'][c].padEnd(5)} ${ratios.join(' ')}`);
  }
}

const meter = createRealismMeter({ form: { channels: 3 } });
const real = await meter.featuresOf(await readAll(otherFolder));
let base;
for (const [label, images] of Object.entries(sets)) {
  const distance = kernelDistanceBetween(await meter.featuresOf(images), real);
  base ??= distance;
  const share = (100 * (1 - distance / base)).toFixed(1);
  console.log(
    `${label.padEnd(18)} ${(1000 * distance).toFixed(2)} × 10⁻³, ${share} % of the gap closed`,
  );
}
await meter.dispose();
