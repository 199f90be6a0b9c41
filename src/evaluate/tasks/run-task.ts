import { type RandomKey, split } from '../../base/random.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { ImageForm } from '../../refine/verification/load-image.ts';
import type { EvaluateConfig } from '../config.ts';
import type { Pair } from '../pairs.ts';
import { type TaskName, type TaskResult, trainingArms } from './compare-arms.ts';
import { detectionTask } from './detection-task.ts';
import { loadLabelledFaces } from './labelled-faces.ts';
import { landmarkTask } from './landmark-task.ts';
import { recognitionTask } from './recognition-task.ts';
import type { RememberErrors, TaskOptions } from './task-options.ts';

export interface RunTaskOptions {
  readonly name: TaskName;
  /** Holds the labels of renders and refined images. */
  readonly synthetic: Dataset;
  readonly pairs: readonly Pair[];
  /** Labelled photographs. */
  readonly test: Dataset;
  readonly form: Required<ImageForm>;
  readonly config: EvaluateConfig;
  readonly key: RandomKey;
  /** Spares the landmark task networks of the renders that are known already. */
  readonly rememberErrors?: RememberErrors | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStage: (label: string, unit: string, total: number) => () => void;
}

const tasks: Readonly<Record<TaskName, (options: TaskOptions) => Promise<TaskResult>>> = {
  landmarks: landmarkTask,
  recognition: recognitionTask,
  detection: detectionTask,
};

/** Where the configuration leaves the steps to the task. */
const defaultSteps: Readonly<Record<TaskName, number>> = {
  landmarks: 1800,
  recognition: 4800,
  detection: 4800,
};

/** Windows without a face an image, for detection. */
const windowsBeside = 3;

/**
 * A task on the sets of an evaluation: all renders against the refined images that were
 * not set aside, both with the renders' labels.
 *
 * @throws {UserError} where a set has fewer than 10 images with 68 landmarks.
 */
export async function runTask(options: RunTaskOptions): Promise<TaskResult> {
  const { name, synthetic, pairs, test, form, config, key, rememberErrors, signal, onStage } =
    options;
  const { trainingImages: limit, ...rest } = config.task;
  const budget = { ...rest, steps: rest.steps || defaultSteps[name] };
  const { channels } = form;
  const beside = name === 'detection' ? windowsBeside : 0;
  const chosen = { key: split(key, 'training images'), channels, beside };
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
  const onStep = onStage(`training for ${name}`, 'steps', total);
  const task = { sets, test: photographs, budget, key: split(key, 'task') };
  return tasks[name]({ ...task, rememberErrors, onStep, signal });
}
