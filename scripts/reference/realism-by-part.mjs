// Where in the image the distance to photographs lies: along the difference between the mean
// features of photographs and of renders (inception-mixed5, before they are averaged over the
// image), what each part of the renders lacks. 1 everywhere would be a gap that is the same
// everywhere.
//
//   npm run build && node scripts/reference/realism-by-part.mjs FACES_DIR RENDERS_DIR [REFINED_DIR ...]
//
// Looks at the first 200 images of each folder. The part masks are those beside the renders;
// refined images have the names of theirs.
import { basename, join } from 'node:path';
import { openDataset } from '../../dist/data/dataset.js';
import { partCodes, partMaskBeside, readPartCodes } from '../../dist/data/part-masks.js';
import { fitImage } from '../../dist/evaluate/features/fit-image.js';
import { readInceptionTrunk } from '../../dist/faces/weights/index.js';
import {
  constantWeights,
  inceptionInputSize,
  inceptionTrunk,
} from '../../dist/models/frozen/index.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';
import { loadProgram } from '../../dist/runtime/program.js';
import { compile } from '../../dist/tensor/compile.js';
import { HostTensor, spec } from '../../dist/tensor/host-tensor.js';

const most = 200;
const size = inceptionInputSize;
const [facesFolder, rendersFolder, ...refinedFolders] = process.argv.slice(2);

const weights = await readInceptionTrunk();
const network = (images) => inceptionTrunk(constantWeights(weights), images);
const program = await loadProgram(compile(network, [spec([1, 3, size, size])]), { threads: 1 });

/** The feature maps `[1, 768, 17, 17]` of an image. */
async function featureMaps(image) {
  const values = fitImage(image, { height: size, width: size }).map((v) => v / 127.5 - 1);
  return program.run(new HostTensor([1, 3, size, size], values));
}

async function mapsOf(folder) {
  const { directory, images } = await openDataset(folder);
  const result = [];
  for (const name of images.slice(0, most)) {
    const image = await loadImage(join(directory, name), { channels: 3 });
    const { data, shape } = await featureMaps(image);
    result.push({ name, image, data: data.slice(), shape });
  }
  return result;
}

/** The mean over images and places, one number a channel. */
function meanFeatures(maps) {
  const [, channels, rows, columns] = maps[0].shape;
  const area = rows * columns;
  return Float64Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (const { data } of maps) {
      for (let i = c * area; i < (c + 1) * area; i++) sum += data[i];
    }
    return sum / (maps.length * area);
  });
}

const partOf = new Map(
  Object.entries(partCodes).flatMap(([part, codes]) => [codes].flat().map((code) => [code, part])),
);
const photographs = meanFeatures(await mapsOf(facesFolder));

for (const folder of [rendersFolder, ...refinedFolders]) {
  const maps = await mapsOf(folder);
  const own = meanFeatures(maps);
  const gap = photographs.map((value, c) => value - own[c]);
  const length = gap.reduce((sum, value) => sum + value * value, 0);
  const along = (features) => gap.reduce((sum, value, c) => sum + value * features(c), 0) / length;
  const target = along((c) => photographs[c]);
  const parts = new Map();
  let places = 0;
  for (const { name, image, data, shape } of maps) {
    const codes = await readPartCodes(join(rendersFolder, partMaskBeside(name)), image);
    const [, , rows, columns] = shape;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const row = Math.floor(((y + 0.5) / rows) * image.height);
        const column = Math.floor(((x + 0.5) / columns) * image.width);
        const part = partOf.get(codes[row * image.width + column]) ?? 'other';
        const lack = target - along((c) => data[(c * rows + y) * columns + x]);
        const { sum, count } = parts.get(part) ?? { sum: 0, count: 0 };
        parts.set(part, { sum: sum + lack, count: count + 1 });
        places++;
      }
    }
  }
  console.log(`${basename(folder)}: length of the gap ${Math.sqrt(length).toFixed(3)}`);
  for (const [part, { sum, count }] of [...parts].sort((a, b) => b[1].sum - a[1].sum)) {
    const percent = (share) => `${(100 * share).toFixed(0)} %`.padStart(6);
    console.log(
      `  ${part.padEnd(12)}${percent(count / places)} of the area, lacks ${(sum / count).toFixed(2).padStart(5)}:${percent(sum / places)} of the gap`,
    );
  }
}
await program.dispose();
