import { describe, expect, it } from 'vitest';
import { forParts } from '../models/index.ts';
import { evaluate, scalarOf } from '../nn/testing/evaluate.ts';
import { type HostTensor, hostScalar, hostTensor } from '../tensor/host-tensor.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { trainConfig } from './config.ts';
import { judge } from './judge.ts';
import { refinerObjective } from './refiner-objective.ts';
import type { DiscriminatorImages, Players } from './step.ts';
import { affine, flatImages, scoring, stubPlayers } from './testing/stub-players.ts';
import { tinyFace } from './testing/tiny-run.ts';

const config = trainConfig({ adversarial: { loss: 'hinge' }, parts: { discriminator: true } });
const players: Players = { ...stubPlayers, partDiscriminator: stubPlayers.discriminator };
const side = 16;

const faces = (count: number): HostTensor =>
  hostTensor([count, 68, 2], Float32Array.from(Array(count).fill(tinyFace(side)).flat(2)));

/** Images with a value of their own in the middle of the mouth, and 0 elsewhere. */
function mouths(value: number): HostTensor {
  const images = hostTensor([2, 3, side, side]);
  const row = Math.round(0.68 * side);
  for (let i = 0; i < 6; i++) images.data[(i * side + row) * side + side / 2] = value;
  return images;
}

/** Scores of the parts: the nose's other than all others'. */
const parameters = {
  real: scoring(2, 0.1),
  parts: forParts((part) => (part === 'nose' ? scoring(4, 0.5) : scoring(1, -0.3))),
};

async function judged(fresh: HostTensor, history: HostTensor, real: HostTensor) {
  const result = await evaluate(
    (p: never, fresh: Tensor, history: Tensor, images: never) => {
      const [loss, metrics] = judge(players, config, p, {
        fakes: { real: history },
        fresh,
        images: images as DiscriminatorImages<Tensor>,
      });
      return { loss, metrics };
    },
    parameters as never,
    fresh,
    history,
    { synthetic: fresh, real, landmarks: faces(2), realLandmarks: faces(2) } as never,
  );
  const { loss, metrics } = result as never as {
    loss: HostTensor;
    metrics: Record<string, HostTensor>;
  };
  const numbers = Object.entries(metrics).map(([name, value]) => [name, scalarOf(value)]);
  return { loss: scalarOf(loss), metrics: Object.fromEntries(numbers) as Record<string, number> };
}

const flat = (value: number) => flatImages(value, { side });

describe('discriminators of the parts', () => {
  it('add the mean of their losses, each with parameters of its own', async () => {
    const { loss, metrics } = await judged(flat(0.2), flat(0.2), flat(-0.3));
    // Hinge: max(0, 1 + s) on refined parts and max(0, 1 − s) on real ones.
    const paid = (slope: number, bias: number) => [
      1 + slope * 0.2 + bias,
      1 - (slope * -0.3 + bias),
    ];
    const [nose, other] = [paid(4, 0.5), paid(1, -0.3)];
    expect(metrics.partsRefined).toBeCloseTo((nose[0] + 3 * other[0]) / 4, 4);
    expect(metrics.partsReal).toBeCloseTo((nose[1] + 3 * other[1]) / 4, 4);
    const whole = metrics.discriminatorRefined + metrics.discriminatorReal;
    expect(loss).toBeCloseTo(whole + metrics.partsRefined + metrics.partsReal, 4);
    expect(metrics.partsAccuracyRefined).toBeCloseTo(3 / 4, 5);
    expect(metrics.partsAccuracyReal).toBeCloseTo(0, 5);
  });

  it('judge fresh images, not the history, whose landmarks are not kept', async () => {
    const [a, b] = [
      await judged(flat(0.2), flat(0.2), flat(-0.3)),
      await judged(flat(0.2), flat(-0.9), flat(-0.3)),
    ];
    expect(a.metrics.partsRefined).toBe(b.metrics.partsRefined);
    expect(a.metrics.discriminatorRefined).not.toBe(b.metrics.discriminatorRefined);
  });

  it('see their part alone', async () => {
    const [a, b] = [
      await judged(mouths(0), flat(0), flat(0)),
      await judged(mouths(0.9), flat(0), flat(0)),
    ];
    expect(b.metrics.partsRefined).toBeGreaterThan(a.metrics.partsRefined);
    expect(b.metrics.partsReal).toBe(a.metrics.partsReal);
  });

  it('are paid by the refiner too', async () => {
    const pay = async (shift: number) => {
      const { loss, metrics } = await evaluate(
        (r: never, d: never, images: never) => {
          const [loss, metrics] = refinerObjective(players, config)(r, d, images);
          return { loss, metrics };
        },
        { refiner: affine(1, shift) } as never,
        parameters as never,
        { synthetic: flat(0), landmarks: faces(2), weight: hostScalar(0.5) } as never,
      );
      const { partsAdversarial, refinerAdversarial, selfRegularization } = metrics;
      const parts = [refinerAdversarial, partsAdversarial].map(scalarOf);
      expect(scalarOf(loss)).toBeCloseTo(
        parts[0] + parts[1] + 0.5 * scalarOf(selfRegularization),
        4,
      );
      return parts[1];
    };
    expect(await pay(0.1)).toBeCloseTo(-((4 * 0.1 + 0.5 + 3 * (0.1 - 0.3)) / 4), 4);
  });
});
