// How far landmarks moved, by two landmark networks of face-api: the large one, which verification
// and selection measure with, and the small one, which `regularization.landmarks` trains through.
// For each the noise floor on the renders, and the drift of each refined set; means in pixels with
// 95 % intervals.
//
//   npm run build && node scripts/reference/landmark-drift.mjs RENDERS_DIR [REFINED_DIR ...]
//
// Looks at the first 500 renders; faces and boxes are those that the detector finds in the renders.
// Refined sets must be complete: `refine --verify` moves images away.
import { basename, join } from 'node:path';
import { randomKey } from '../../dist/base/random.js';
import { openDataset } from '../../dist/data/dataset.js';
import { cachedFaceFinder } from '../../dist/evaluate/features/cached-faces.js';
import {
  defaultCacheFolder,
  openContentCache,
} from '../../dist/evaluate/features/content-cache.js';
import { loadFaceTools } from '../../dist/faces/face-tools.js';
import { findLandmarks } from '../../dist/faces/landmarks.js';
import {
  readFaceLandmarkNetwork,
  readTinyFaceLandmarkNetwork,
} from '../../dist/faces/weights/index.js';
import {
  constantWeights,
  faceLandmarkNetwork,
  landmarkInputSize,
} from '../../dist/models/frozen/index.js';
import { meanDistance } from '../../dist/refine/verification/face.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';
import { measureNoiseFloor } from '../../dist/refine/verification/noise-floor.js';
import { loadProgram } from '../../dist/runtime/program.js';
import { compile } from '../../dist/tensor/compile.js';
import { spec } from '../../dist/tensor/host-tensor.js';

const most = 500;
const [rendersFolder, ...refinedFolders] = process.argv.slice(2);

async function landmarkProgram(read) {
  const weights = await read();
  const network = (images) => faceLandmarkNetwork(constantWeights(weights), images);
  const shape = [2, 3, landmarkInputSize, landmarkInputSize];
  const program = await loadProgram(compile(network, [spec(shape)]), { threads: 1 });
  const { run, dispose } = program;
  return { inputSize: landmarkInputSize, run, dispose };
}

const networks = {
  large: await landmarkProgram(readFaceLandmarkNetwork),
  small: await landmarkProgram(readTinyFaceLandmarkNetwork),
};
const tools = await loadFaceTools({ threads: 1 });
const findFace = cachedFaceFinder(tools, await openContentCache(defaultCacheFolder()));
const { directory, images } = await openDataset(rendersFolder);
const measured = new Map();
const add = (label, value) => measured.set(label, [...(measured.get(label) ?? []), value]);

for (const [i, name] of images.slice(0, most).entries()) {
  const image = await loadImage(join(directory, name), { channels: 3 });
  const face = await findFace(image);
  if (face === undefined) continue;
  for (const [size, program] of Object.entries(networks)) {
    const look = (seen) => findLandmarks(program, seen, { box: face.box });
    const landmarks = await look(image);
    const subjects = [{ image, face: { ...face, landmarks } }];
    const floor = await measureNoiseFloor({ landmarks: look }, subjects, randomKey(i));
    add(`${size} network, noise floor`, floor.meanPixels);
    for (const folder of refinedFolders) {
      const refined = await loadImage(join(folder, name), { channels: 3 });
      add(`${size} network, ${basename(folder)}`, meanDistance(landmarks, await look(refined)));
    }
  }
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
for (const [label, values] of measured) {
  const mean = meanOf(values);
  const margin = 1.96 * Math.sqrt(meanOf(values.map((v) => (v - mean) ** 2)) / values.length);
  console.log(
    `${label.padEnd(40)} ${mean.toFixed(3)} ± ${margin.toFixed(3)}, ${values.length} faces`,
  );
}
await Promise.all([tools, ...Object.values(networks)].map((each) => each.dispose()));
