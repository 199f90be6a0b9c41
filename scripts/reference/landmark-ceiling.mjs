// What a landmark network reaches that learnt from tens of thousands of labelled photographs:
// face-api's large network on a labelled set, by the measure of `evaluate --task landmarks`, as
// labelled and after label adaptation; in the boxes of the face detector, on the faces as they are
// and where their frames have 64 pixels, as in that task.
//
//   npm run build && node scripts/reference/landmark-ceiling.mjs LABELLED_FACES_DIR
import { join } from 'node:path';
import { openDataset } from '../../dist/data/dataset.js';
import { pointsOf, readLandmarks } from '../../dist/data/landmarks.js';
import { faceFrame, frameMap } from '../../dist/evaluate/tasks/face-frame.js';
import {
  errorsOf,
  normalizedResiduals,
  withoutOffset,
} from '../../dist/evaluate/tasks/landmark-task.js';
import { loadFaceTools } from '../../dist/faces/face-tools.js';
import { applySimilarity, warp } from '../../dist/faces/index.js';
import { landmarkCount } from '../../dist/models/frozen/face-landmarks.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';

const margin = 1.5;
const frameSize = 64;
const cropSize = margin * frameSize;

const dataset = await openDataset(process.argv[2]);
const labels = await readLandmarks(dataset);
const tools = await loadFaceTools({ threads: 1 });
const residuals = { 'as photographed': [], [`frame of ${frameSize} pixels`]: [] };

/** The residuals of what the network finds in a box: the one framing of this photograph. */
async function residualsOf(image, box, { truth, known }) {
  const found = await tools.landmarks(image, box);
  const output = Float32Array.from(found.flatMap(([x, y]) => [x - 0.5, y - 0.5]));
  return [normalizedResiduals(output, truth, known)];
}

for (const name of dataset.images) {
  const label = labels.get(name);
  if (label?.points.length !== 2 * landmarkCount) continue;
  const truth = pointsOf(label.points);
  const known = truth.map((_, k) => label.visible?.[k] !== 0);
  const image = await loadImage(join(dataset.directory, name), { channels: 3 });
  const [best] = await tools.detect(image);
  if (best === undefined) {
    console.log(`${name}: no face is found`);
    continue;
  }
  const { box } = best;
  const map = frameMap(faceFrame(truth), { size: cropSize, margin });
  const [whole, small] = Object.values(residuals);
  whole.push(await residualsOf(image, box, { truth, known }));
  const side = { width: cropSize, height: cropSize };
  const pixels = Uint8Array.from(warp(image, map, { ...side, kernel: 'triangle' }), Math.round);
  const [x, y] = applySimilarity(map, [box.x, box.y]);
  const smallBox = { x, y, width: map.a * box.width, height: map.a * box.height };
  const moved = truth.map((point) => applySimilarity(map, point));
  small.push(await residualsOf({ ...side, pixels }, smallBox, { truth: moved, known }));
}

for (const [what, each] of Object.entries(residuals)) {
  const percent = (errors) =>
    `${((100 * errors.reduce((sum, error) => sum + error, 0)) / errors.length).toFixed(2)} %`;
  console.log(
    `${what.padEnd(20)} ${percent(errorsOf(each))} as labelled, ${percent(errorsOf(withoutOffset(each)))} adapted, ${each.length} faces`,
  );
}
await tools.dispose();
