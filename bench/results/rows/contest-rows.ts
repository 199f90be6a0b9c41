import { type Row, rowsOf } from '../row.ts';

const contestant = rowsOf({ group: 'contest', preset: '', minutes: 20, channels: [3, 1] });
const stability = rowsOf({
  group: 'stability',
  preset: 'cyclegan',
  minutes: 6,
  channels: [3],
  seeds: [1, 2, 3, 4, 5],
});
const time = rowsOf({ group: 'time', preset: 'lifelike', minutes: 20, channels: [3], seeds: [1] });

const method = (preset: string, question: string) => contestant({ name: preset, preset, question });

/** Every method as it is, in equal time. */
export const contestRows: readonly Row[] = [
  method('lifelike', 'Our own recipe.'),
  method('simgan-faces', 'SimGAN adapted to faces, the recipe of the sources.'),
  method('cyclegan', 'Two directions, and nothing else that holds the image.'),
  method('simgan-cycle', 'SimGAN with a cycle as what holds the annotation.'),
  method('parts', 'Pathways of their own for eyes, nose and mouth.'),
  method('gan', 'The control: nothing holds the image.'),
];

/** Both losses of CycleGAN with many seeds: which share of them collapses? */
export const stabilityRows: readonly Row[] = [
  stability({
    name: 'cyclegan-least-squares',
    question: 'With the loss that its authors train with.',
  }),
  stability({
    name: 'cyclegan-log',
    question: 'As published.',
    set: ['adversarial.loss=log'],
  }),
];

/** The same recipe with less and with more time than in the contest. */
export const timeRows: readonly Row[] = [
  time({
    name: 'lifelike-fifth',
    question: 'Is it as real as the best of simgan-faces in a fifth of its time?',
    minutes: 4,
    seeds: [1, 2],
  }),
  time({
    name: 'lifelike-two-hours',
    question: 'How far does the recipe come with two hours?',
    minutes: 120,
  }),
];
