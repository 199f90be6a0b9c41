import { type Row, rowsOf } from '../row.ts';

const row = rowsOf({ group: 'stagnation', preset: 'simgan-faces', minutes: 6, channels: [3, 1] });

/**
 * The small refiner makes many times as many iterations, enough for the notice and for what comes
 * after it; what stands still with it does not stand still for want of time.
 */
export const smallRefiner = 'refiner.architecture=pixel-shuffle';

/**
 * Hypotheses on why `simgan-faces` (row `base`) stagnates. Each changes one thing of
 * `half-resolution` that should move the run if the hypothesis is right.
 */
export const stagnationRows: readonly Row[] = [
  row({
    name: 'half-resolution',
    question:
      'The refiner at full resolution is too slow, the budget ends after a few hundred iterations: one of half the resolution makes many times as many. If it stands still too, time is not the reason.',
    set: [smallRefiner],
  }),
  row({
    name: 'weight-tenth',
    question:
      'λ is too strong: where refined and render agree, the regularizer’s pull beats the adversarial one. With λ = 0.075 the images must move on.',
    set: [smallRefiner, 'regularization.weight=0.075'],
  }),
  row({
    name: 'weight-zero',
    question:
      'The same at its end: with λ = 0 nothing holds the images. If they stand still even so, λ is not the reason.',
    set: [smallRefiner, 'regularization.weight=0'],
  }),
  row({
    name: 'least-squares',
    question:
      'The discriminator saturates, and the log loss passes on no gradient: least squares never saturates.',
    set: [smallRefiner, 'adversarial.loss=least-squares'],
  }),
  row({
    name: 'hinge',
    question: 'The same: the hinge gives the refiner a constant gradient.',
    set: [smallRefiner, 'adversarial.loss=hinge'],
  }),
  row({
    name: 'patch-discriminator',
    question:
      'The published discriminator, padded and not normalised, looks for borders and noise: one without padding and with spectral normalisation, with about the same field (26 pixels instead of 23), looks at faces.',
    set: [smallRefiner, 'discriminator.architecture=patch'],
  }),
  row({
    name: 'object-features',
    question:
      'A discriminator that begins with nothing learns what is easiest, grain and borders, and is at chance when the refiner has taken that away: one that knows photographs goes on.',
    set: [smallRefiner, 'discriminator.architecture=patch', 'discriminator.objectFeatures=true'],
  }),
  row({
    name: 'multi-scale-discriminator',
    question:
      'The discriminator sees too little: on half of the resolution too, its field is 52 of 64 pixels.',
    set: [smallRefiner, 'discriminator.architecture=multi-scale'],
  }),
  row({
    name: 'beta1',
    question:
      'Adam’s momentum of 0.9 chases a game that has turned already: β₁ = 0.5 follows it, as DCGAN found.',
    set: [smallRefiner, 'optimizer.beta1=0.5'],
  }),
  row({
    name: 'rate-higher',
    question: 'The learning rate is too small for six minutes: five times of it goes further.',
    set: [smallRefiner, 'learningRate.refiner=0.001', 'learningRate.discriminator=0.001'],
  }),
  row({
    name: 'rate-lower',
    question: 'The learning rate is too large, and both players circle: a quarter of it settles.',
    set: [smallRefiner, 'learningRate.refiner=0.00005', 'learningRate.discriminator=0.00005'],
  }),
  row({
    name: 'faster-discriminator',
    question:
      'The discriminator lies behind the refiner, at chance: with four times its rate it has something to say.',
    set: [smallRefiner, 'learningRate.discriminator=0.0008'],
  }),
];
