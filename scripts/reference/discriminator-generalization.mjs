// Whether a run's discriminator has learned its photographs by heart: how often it is right, and
// what it pays, on photographs that it was trained on and on others. Nothing is trained here.
//
//   npm run build && node scripts/reference/discriminator-generalization.mjs RUN TRAINING_FACES_DIR OTHER_FACES_DIR RENDERS_DIR
import { randomKey, split } from '../../dist/base/random.js';
import { createBatchSource } from '../../dist/data/batches.js';
import { openDataset } from '../../dist/data/dataset.js';
import { loadLatestCheckpoint } from '../../dist/train/checkpoint.js';
import { trainConfig } from '../../dist/train/config.js';
import { createEngine, drawNumbers } from '../../dist/train/engine.js';
import { readRunDescription } from '../../dist/train/run-description.js';

const batches = 40;

const [run, trainingFolder, otherFolder, rendersFolder] = process.argv.slice(2);
const described = await readRunDescription(run);
// Whole batches are made by the refiner as it is now.
const config = trainConfig({ ...described.config, history: { capacity: 0 } });
const { batchSize, channels, size } = config;
const engine = await createEngine(config, config.threads === 0 ? {} : { threads: config.threads });
engine.restore((await loadLatestCheckpoint(`${run}/checkpoints`, engine.state)).networks);

const sourceOf = async (folder) =>
  createBatchSource({
    dataset: await openDataset(folder),
    ...{ height: size[0], width: size[1], channels, batchSize },
    ...{ key: randomKey(1), flip: config.augmentation.horizontalFlip },
  });
const renders = await sourceOf(rendersFolder);
for (const [label, folder] of Object.entries({ training: trainingFolder, others: otherFolder })) {
  const photographs = await sourceOf(folder);
  const sums = { accuracyReal: 0, discriminatorReal: 0, accuracyRefined: 0 };
  for (let i = 0; i < batches; i++) {
    const augmentation = drawNumbers(split(randomKey(2), i), config, 2 * batchSize);
    const { metrics } = await engine.updateDiscriminator(
      {
        synthetic: (await renders.batch(i)).images,
        real: (await photographs.batch(i)).images,
        ...(augmentation && { augmentation }),
      },
      { update: 1, learningRate: 0 },
    );
    for (const name of Object.keys(sums)) sums[name] += metrics[name] / batches;
  }
  const { accuracyReal, discriminatorReal, accuracyRefined } = sums;
  console.log(
    `${label.padEnd(9)} right on ${(100 * accuracyReal).toFixed(1)} % of the patches of photographs (loss ${discriminatorReal.toFixed(3)}), on ${(100 * accuracyRefined).toFixed(1)} % of refined ones`,
  );
}
await engine.dispose();
