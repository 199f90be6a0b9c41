// What limits `evaluate --task landmarks`: the same networks on other faces than renders and
// photographs in turn. With prepared photographs, labelled by face-api's large network, as the
// training set and labelled portraits as the test: what images that are photographs teach. With
// renders for both, of two seeds: what a network reaches where nothing differs but the people. One
// network each, weak and strong augmentation; errors of the points that PORTRAITS have.
//
//   npm run build && node scripts/reference/landmarks-between-sets.mjs TRAINING_DIR TEST_DIR PORTRAITS_DIR [STEPS]
import { randomKey, split } from '../../dist/base/random.js';
import { openDataset } from '../../dist/data/dataset.js';
import { loadLabelledFaces } from '../../dist/evaluate/tasks/labelled-faces.js';
import { landmarkTask } from '../../dist/evaluate/tasks/landmark-task.js';

const [training, tested, portraits, steps = '1800'] = process.argv.slice(2);
const key = randomKey(7);
const facesOf = async (folder, hidden) =>
  loadLabelledFaces(await openDataset(folder), { limit: 5000, key, channels: 3, hidden });
const [{ known }] = await facesOf(portraits, 'unknown');
const faces = await facesOf(training, 'known');
const { rows, adapted, blind } = await landmarkTask({
  sets: { renders: faces, refined: faces.filter((_, i) => i % 5 < 3) },
  test: (await facesOf(tested, 'unknown')).map((face) => ({ ...face, known })),
  budget: { steps: Number(steps), seeds: 1, batchSize: 32 },
  key: split(key, 'networks'),
});
const percent = ({ mean, low, high }) => {
  const [m, l, h] = [mean, low, high].map((value) => (100 * value).toFixed(2));
  return `${m} % (${l} … ${h})`;
};
console.log(`a network that sees nothing: ${(100 * blind).toFixed(2)} % adapted`);
for (const [i, row] of rows.entries()) {
  const augmentation = row.name.includes('strong') ? 'strong' : 'weak';
  console.log(
    `${row.trainingImages} images, ${augmentation} augmentation: ${percent(row)} as labelled, ${percent(adapted.rows[i])} adapted`,
  );
}
