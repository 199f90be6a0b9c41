import { type RandomKey, split } from '../../base/random.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { ImageForm } from '../../refine/verification/load-image.ts';
import type { EvaluateConfig } from '../config.ts';
import type { Pair } from '../pairs.ts';
import { loadLabelledFaces } from './labelled-faces.ts';
import { landmarkTask, type TaskResult, trainingArms } from './landmark-task.ts';

export interface RunLandmarkTaskOptions {
  /** Holds the labels of renders and refined images. */
  readonly synthetic: Dataset;
  readonly pairs: readonly Pair[];
  /** Labelled photographs. */
  readonly test: Dataset;
  readonly form: Required<ImageForm>;
  readonly config: EvaluateConfig;
  readonly key: RandomKey;
  readonly signal?: AbortSignal | undefined;
  readonly onStage: (label: string, unit: string, total: number) => () => void;
}

/**
 * {@link landmarkTask} on the sets of an evaluation: all renders against the refined images that were
 * not set aside, both with the renders' labels.
 *
 * @throws {UserError} where a set has fewer than 10 images with 68 landmarks.
 */
export async function runLandmarkTask(options: RunLandmarkTaskOptions): Promise<TaskResult> {
  const { synthetic, pairs, test, form, config, key, signal, onStage } = options;
  const { trainingImages: limit, ...budget } = config.task;
  const { channels } = form;
  const chosen = { key: split(key, 'training images'), channels };
  const labelled = (side: 'input' | 'refined', from: readonly Pair[]) => {
    const files = from.map((pair) => ({ name: pair.name, path: pair[side] }));
    return loadLabelledFaces(synthetic, { files, limit, hidden: 'known', ...chosen });
  };
  const sets = {
    renders: await labelled('input', pairs),
    refined: await labelled(
      'refined',
      pairs.filter(({ setAside }) => !setAside),
    ),
  };
  const photographs = await loadLabelledFaces(test, { limit, hidden: 'unknown', ...chosen });
  const total = trainingArms.length * budget.seeds * budget.steps;
  const onStep = onStage('landmark training', 'steps', total);
  return landmarkTask({ sets, test: photographs, budget, key: split(key, 'task'), onStep, signal });
}
