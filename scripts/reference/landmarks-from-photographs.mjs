// What the small network of `evaluate --task landmarks` reaches when it learns from photographs: prepared ones, labelled
// by face-api's large network, all of them and three fifths, with weak and strong augmentation, one network
// each. No refined render can be expected to teach it more than the photographs that it is to look like.
//
//   npm run build && node scripts/reference/landmarks-from-photographs.mjs PREPARED_DIR LABELLED_FACES_DIR [STEPS]
import { randomKey, split } from '../../dist/base/random.js';
import { openDataset } from '../../dist/data/dataset.js';
import { loadLabelledFaces } from '../../dist/evaluate/tasks/labelled-faces.js';
import { landmarkTask } from '../../dist/evaluate/tasks/landmark-task.js';

const [prepared, labelled, steps = '4800'] = process.argv.slice(2);
const key = randomKey(7);
const facesOf = async (folder, hidden) =>
  loadLabelledFaces(await openDataset(folder), { limit: 5000, key, channels: 3, hidden });
const faces = await facesOf(prepared, 'known');
const { rows, adapted } = await landmarkTask({
  sets: { renders: faces, refined: faces.filter((_, i) => i % 5 < 3) },
  test: await facesOf(labelled, 'unknown'),
  budget: { steps: Number(steps), seeds: 1, batchSize: 32 },
  key: split(key, 'networks'),
});
const percent = ({ mean, low, high }) => {
  const [m, l, h] = [mean, low, high].map((value) => (100 * value).toFixed(2));
  return `${m} % (${l} … ${h})`;
};
for (const [i, row] of rows.entries()) {
  const augmentation = row.name.includes('strong') ? 'strong' : 'weak';
  console.log(
    `${row.trainingImages} photographs, ${augmentation} augmentation: ${percent(row)} as labelled, ${percent(adapted.rows[i])} adapted`,
  );
}
