// What moves kid-inception-mixed5: simple changes of the renders, and parts of them replaced, without a
// refiner. Says which share of the gap to the photographs each closes (negative: opens).
//
//   npm run build && node scripts/reference/realism-sensitivity.mjs RENDERS_DIR FACES_DIR [REFINED_DIR]
//
// RENDERS_DIR is a folder of `lifelike render`, FACES_DIR the same size of `lifelike prepare --like` it.
// With REFINED_DIR, renders of the same names refined, the change is also taken apart: by frequency, by
// part, scaled and smoothed. Equal for equal folders: the noise has a seed.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { normal, randomKey, split } from '../../dist/base/random.js';
import {
  createRealismMeter,
  kernelDistanceBetween,
} from '../../dist/evaluate/realism/realism-meter.js';

const most = 150;
const part = { background: [0], neck: [12], hair: [13], clothing: [15] };
const face = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

const [renders, faces, refined] = process.argv.slice(2);
const namesIn = (folder) =>
  readdirSync(folder)
    .filter((name) => /\.(png|jpe?g|webp)$/.test(name) && !name.includes('.parts.'))
    .sort();

/** Interleaved bytes and size. */
async function read(path) {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: Float32Array.from(data), width: info.width, height: info.height };
}

async function readCodes(path) {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  return data.filter((_, i) => i % info.channels === 0);
}

const toPlanes = ({ data, width, height }) => {
  const pixels = new Uint8Array(data.length);
  const area = width * height;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) {
      pixels[c * area + i] = Math.max(0, Math.min(255, Math.round(data[3 * i + c])));
    }
  }
  return { width, height, pixels };
};

/** Gaussian blur with the nearest pixel beyond the border. */
function blurred({ data, width, height }, deviation) {
  const reach = Math.ceil(4 * deviation);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  const inside = (at, size) => Math.max(0, Math.min(size - 1, at));
  const pass = (source, from) =>
    source.map((_, i) => {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return weights.reduce((sum, w, k) => sum + w * source[from(x, y, k - reach, c)], 0) / total;
    });
  const across = pass(data, (x, y, d, c) => 3 * (y * width + inside(x + d, width)) + c);
  return pass(across, (x, y, d, c) => 3 * (inside(y + d, height) * width + x) + c);
}

const names = namesIn(renders).slice(0, most);
const images = await Promise.all(names.map((name) => read(join(renders, name))));
const codes = await Promise.all(
  names.map((name) => readCodes(join(renders, name.replace(/\.\w+$/, '.parts.png')))),
);
const photographs = namesIn(faces);
// Those that are pasted in are none of those that are compared with.
const pasted = await Promise.all(
  photographs.slice(0, names.length).map((name) => read(join(faces, name))),
);
const meter = createRealismMeter({ form: { channels: 3 } });
const real = await meter.featuresOf(
  photographs.slice(names.length).map((name) => join(faces, name)),
);
const distanceOf = async (made) =>
  kernelDistanceBetween(await meter.featuresOf(made.map(toPlanes)), real);
const base = await distanceOf(images);
console.log(`renders ${base.toFixed(5)}, ${names.length} of them, ${real.rows} photographs`);

async function report(label, change) {
  const made = images.map((image, i) => ({ ...image, data: change(image, i) }));
  const share = 1 - (await distanceOf(made)) / base;
  console.log(`${label.padEnd(44)} ${(100 * share).toFixed(1).padStart(7)} %`);
}

const where = (kept, one, other) => (image, i) =>
  image.data.map((_, at) =>
    kept.includes(codes[i][Math.floor(at / 3)]) ? one(i)[at] : other(i)[at],
  );
const render = (i) => images[i].data;
const photograph = (i) => pasted[i].data;

for (const level of [3, 6]) {
  await report(`noise, ${level} of 255`, ({ data }, i) => {
    const noise = normal(split(randomKey(1), level, i), data.length);
    return data.map((value, at) => value + level * noise[at]);
  });
}
await report('blur, 0.6 pixels', (image) => blurred(image, 0.6));
await report('sharper by half', (image) => {
  const soft = blurred(image, 1);
  return image.data.map((value, at) => value + 0.5 * (value - soft[at]));
});
const { background, neck, hair, clothing } = part;
const around = [...background, ...neck, ...clothing];
await report('backdrop of a photograph', where(background, photograph, render));
await report('backdrop, neck, clothing of a photograph', where(around, photograph, render));
await report('all but the face of a photograph', where([...around, ...hair], photograph, render));

if (refined !== undefined) {
  const results = await Promise.all(names.map((name) => read(join(refined, name))));
  const outcome = (i) => results[i].data;
  const changeOf = (i) => ({
    ...images[i],
    data: outcome(i).map((value, at) => value - images[i].data[at]),
  });
  const added = (image, change) => image.data.map((value, at) => value + change[at]);
  await report('refined', (_, i) => outcome(i));
  await report('refined backdrop', where(background, outcome, render));
  await report('refined hair', where(hair, outcome, render));
  await report('refined neck and clothing', where([...neck, ...clothing], outcome, render));
  await report('refined face', where(face, outcome, render));
  await report('half of the change', (image, i) =>
    added(
      image,
      changeOf(i).data.map((v) => v / 2),
    ),
  );
  await report('the change blurred by 0.8 pixels', (image, i) =>
    added(image, blurred(changeOf(i), 0.8)),
  );
  await report('the change blurred by 2 pixels', (image, i) =>
    added(image, blurred(changeOf(i), 2)),
  );
  await report('what that blur takes away', (image, i) => {
    const soft = blurred(changeOf(i), 2);
    return added(
      image,
      changeOf(i).data.map((value, at) => value - soft[at]),
    );
  });
}
await meter.dispose();
