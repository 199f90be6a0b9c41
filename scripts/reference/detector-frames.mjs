// How far the boxes of the face detector lie from the frames of the labels, in parts of the frame:
// what `evaluate --task landmarks` frames photographs with. Mean and standard deviation over the
// faces found.
//
//   npm run build && node scripts/reference/detector-frames.mjs LABELLED_FACES_DIR
import { join } from 'node:path';
import { openDataset } from '../../dist/data/dataset.js';
import { pointsOf, readLandmarks } from '../../dist/data/landmarks.js';
import { faceFrame } from '../../dist/evaluate/tasks/face-frame.js';
import { loadFaceTools } from '../../dist/faces/face-tools.js';
import { landmarkCount } from '../../dist/models/frozen/face-landmarks.js';
import { loadImage } from '../../dist/refine/verification/load-image.js';

const dataset = await openDataset(process.argv[2]);
const labels = await readLandmarks(dataset);
const tools = await loadFaceTools({ threads: 1 });
const errors = { 'to the side': [], down: [], 'logarithm of the size': [] };
for (const name of dataset.images) {
  const label = labels.get(name);
  if (label?.points.length !== 2 * landmarkCount) continue;
  const { centre, side } = faceFrame(pointsOf(label.points));
  const image = await loadImage(join(dataset.directory, name), { channels: 3 });
  const [best] = await tools.detect(image);
  if (best === undefined) continue;
  const { x, y, width, height } = best.box;
  const [across, down, size] = Object.values(errors);
  across.push((x + width / 2 - centre[0]) / side);
  down.push((y + height / 2 - centre[1]) / side);
  size.push(Math.log(Math.max(width, height) / side));
}
for (const [what, values] of Object.entries(errors)) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  console.log(
    `${what.padEnd(22)} ${mean.toFixed(3)} ± ${deviation.toFixed(3)}, ${values.length} faces`,
  );
}
await tools.dispose();
