// What moves kid-inception-mixed5: simple changes of the renders, and parts of them replaced,
// without a refiner. Says which share of the gap to the photographs each closes (negative: opens).
//
//   npm run build && node scripts/reference/realism-sensitivity.mjs RENDERS_DIR FACES_DIR [REFINED_DIR]
//
// RENDERS_DIR is a folder of `lifelike render`, FACES_DIR the same size of
// `lifelike prepare --like` it. With REFINED_DIR, renders of the same names refined, the change is
// also taken apart: by frequency, by part, scaled and smoothed. Equal for equal folders: the noise
// has a seed.
import { join } from 'node:path';
import { normal, randomKey, split } from '../../dist/base/random.js';
import { openDataset } from '../../dist/data/dataset.js';
import { findPartMasks, partCodes, readPartCodes } from '../../dist/data/part-masks.js';
import { byteOf } from '../../dist/data/pixels.js';
import {
  createRealismMeter,
  kernelDistanceBetween,
} from '../../dist/evaluate/realism/realism-meter.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';
import { smooth } from '../../dist/refine/verification/smooth.js';

const most = 150;
const { background, neck, hair, clothing } = partCodes;
const { skin, nose, eyes, brows, ears, mouth } = partCodes;

const [rendersFolder, facesFolder, refinedFolder] = process.argv.slice(2);
const renders = await openDataset(rendersFolder);
const faces = await openDataset(facesFolder);
const names = renders.images.slice(0, most);
const pathsIn = ({ directory }, files) => files.map((name) => join(directory, name));

/** An image as numbers 0 … 255, `[3, height, width]`. */
async function read(path) {
  const { pixels, ...size } = await loadImage(path, { channels: 3 });
  return { ...size, data: Float32Array.from(pixels) };
}

/** All three planes under a Gaussian. */
function blurred({ data, width, height }, deviation) {
  const area = width * height;
  const result = new Float32Array(data.length);
  for (let c = 0; c < 3; c++) {
    const values = data.subarray(c * area, (c + 1) * area);
    result.set(smooth({ width, height, values }, deviation).values, c * area);
  }
  return result;
}

/** Bytes again, from −1 … 1 as the refiner's output becomes them. */
const toImage = ({ data, width, height }) => ({
  width,
  height,
  pixels: Uint8Array.from(data, (value) => byteOf(value / 127.5 - 1)),
});

const images = await Promise.all(pathsIn(renders, names).map(read));
const masks = await findPartMasks(renders, 'the parts');
const codes = await Promise.all(images.map((image, i) => readPartCodes(masks[i], image)));
// Those that are pasted in are none of those that are compared with.
const photographs = pathsIn(faces, faces.images);
const pasted = await Promise.all(photographs.slice(0, names.length).map(read));
const meter = createRealismMeter({ form: { channels: 3 } });
const real = await meter.featuresOf(photographs.slice(names.length));
const distanceOf = async (made) =>
  kernelDistanceBetween(await meter.featuresOf(made.map(toImage)), real);
const base = await distanceOf(images);
console.log(`renders ${base.toFixed(5)}, ${names.length} of them, ${real.rows} photographs`);

async function report(label, change) {
  const made = images.map((image, i) => ({ ...image, data: change(image, i) }));
  const share = 1 - (await distanceOf(made)) / base;
  console.log(`${label.padEnd(44)} ${(100 * share).toFixed(1).padStart(7)} %`);
}

const where = (kept, one, other) => (image, i) =>
  image.data.map((_, at) =>
    kept.includes(codes[i][at % codes[i].length]) ? one(i)[at] : other(i)[at],
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
const around = [...background, ...neck, ...clothing];
await report('backdrop of a photograph', where(background, photograph, render));
await report('backdrop, neck, clothing of a photograph', where(around, photograph, render));
await report('all but the face of a photograph', where([...around, ...hair], photograph, render));

if (refinedFolder !== undefined) {
  const face = [...skin, ...nose, ...eyes, ...brows, ...ears, ...mouth];
  const results = await Promise.all(names.map((name) => read(join(refinedFolder, name))));
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
