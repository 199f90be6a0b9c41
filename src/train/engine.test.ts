import { describe, expect, it } from 'vitest';
import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { type HostTensor, hostScalar, hostTensor } from '../tensor/host-tensor.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { createEngine, type Engine } from './engine.ts';
import { exportedParameters } from './network-state.ts';
import { tinyConfig } from './testing/tiny-run.ts';

/** Images of one value. */
function flatImages(count: number, size: number, value: number): HostTensor {
  const images = hostTensor([count, 3, size, size]);
  images.data.fill(value);
  return images;
}

const refinerImages = (size: number) => ({
  synthetic: flatImages(4, size, 0.4),
  weight: hostScalar(0.5),
});

const numbers = { update: 1, learningRate: 0.01 };

/** Runs `action` on an engine and frees it. */
async function withEngine<T>(values: TrainConfigInput, action: (engine: Engine) => Promise<T>) {
  const engine = await createEngine(tinyConfig(values), { threads: 1 });
  try {
    return await action(engine);
  } finally {
    await engine.dispose();
  }
}

const copyOf = <T extends Tree<HostTensor>>(tree: T) =>
  mapTree<HostTensor, HostTensor>(tree, ({ shape, data }) => hostTensor(shape, data.slice()));

const leavesOf = (tree: Tree<HostTensor>) =>
  flattenTree<HostTensor>(tree).map(({ leaf }) => leaf.data);

/** Whether any value of two trees of one form differs. */
function differs(a: Tree<HostTensor>, b: Tree<HostTensor>): boolean {
  const other = leavesOf(b);
  return leavesOf(a).some((data, i) => data.some((value, k) => value !== other[i][k]));
}

describe('the engine', () => {
  it.each([
    ['mean', 1],
    ['sum', 4],
  ] as const)(
    'reduces by %s: four times the pixels give %d times the losses',
    async (reduction, ratio) => {
      const measure = (size: number) =>
        withEngine({ size, reduction }, (engine) =>
          engine.updateRefiner(refinerImages(size), numbers),
        );
      const [small, large] = [await measure(16), await measure(32)];
      for (const name of ['refinerAdversarial', 'selfRegularization']) {
        // Zero padding makes the borders differ from the rest, and a small image has more of them.
        expect(large[name] / small[name] / ratio).toBeGreaterThan(0.8);
        expect(large[name] / small[name] / ratio).toBeLessThan(1.25);
      }
    },
  );

  it('compiles what pre-training and a new history need when they come', async () => {
    await withEngine({}, async (engine) => {
      const always = ['refinerUpdate', 'discriminatorUpdate', 'refine'];
      expect(Object.keys(engine.nodeCounts)).toEqual(always);
      await engine.makeFresh({ synthetic: flatImages(2, 8, 0.4) });
      expect(Object.keys(engine.nodeCounts)).toEqual([...always, 'fresh']);
      expect(Math.min(...Object.values(engine.nodeCounts))).toBeGreaterThan(5);
    });
  });

  it('moves one network a step and leaves the other', async () => {
    await withEngine({}, async (engine) => {
      const before = { ...engine.state, discriminator: copyOf(engine.state.discriminator) };
      const refiner = copyOf(engine.state.refiner.parameters);
      await engine.updateRefiner(refinerImages(8), numbers);
      expect(differs(engine.state.refiner.parameters, refiner)).toBe(true);
      expect(differs(engine.state.discriminator, before.discriminator)).toBe(false);
      const moved = copyOf(engine.state.refiner);
      const batch = { synthetic: flatImages(2, 8, 0.4), history: flatImages(2, 8, 0.1) };
      await engine.updateDiscriminator({ ...batch, real: flatImages(4, 8, -0.5) }, numbers);
      expect(differs(engine.state.refiner, moved)).toBe(false);
      expect(differs(engine.state.discriminator, before.discriminator)).toBe(true);
    });
  });

  it('gives the discriminator what the refiner makes now', async () => {
    await withEngine({}, async (engine) => {
      const synthetic = flatImages(2, 8, 0.4);
      const batch = { synthetic, history: flatImages(2, 8, 0.1), real: flatImages(4, 8, -0.5) };
      const { refined } = await engine.updateDiscriminator(batch, numbers);
      const expected = await engine.refine(synthetic, 'current');
      for (const [i, value] of refined.data.entries()) {
        expect(value).toBeCloseTo(expected.data[i], 4);
      }
    });
  });

  it('exports the moving average, which follows the parameters slowly', async () => {
    await withEngine({ average: { decay: 0.9 } }, async (engine) => {
      const config = trainConfig({ average: { decay: 0.9 } });
      const start = leavesOf(copyOf(engine.state.refiner.parameters.refiner));
      await engine.updateRefiner(refinerImages(8), numbers);
      const { refiner } = engine.state.refiner.parameters;
      const averaged = leavesOf(exportedParameters(engine.state, config));
      for (const [i, data] of leavesOf(refiner).entries()) {
        for (const k of [0, data.length - 1]) {
          expect(averaged[i][k]).toBeCloseTo(0.9 * start[i][k] + 0.1 * data[k], 5);
        }
      }
    });
  });

  it('refines with what is exported where it is asked to: that is what selection measures', async () => {
    await withEngine({ average: { decay: 0.9 } }, async (engine) => {
      await engine.updateRefiner(refinerImages(8), numbers);
      const synthetic = flatImages(2, 8, 0.4);
      const refined = async (which: 'current' | 'exported') =>
        (await engine.refine(synthetic, which)).data.slice();
      const [current, exported] = [await refined('current'), await refined('exported')];
      expect(exported).not.toEqual(current);
      const { state } = engine;
      const parameters = { ...state.refiner.parameters, refiner: state.refiner.average };
      engine.restore({ ...state, refiner: { ...state.refiner, parameters } });
      expect(await refined('current')).toEqual(exported);
    });
  });

  it('exports the parameters themselves without an average', async () => {
    await withEngine({ average: { decay: 0 } }, async ({ state }) => {
      expect(exportedParameters(state, trainConfig()) === state.refiner.parameters.refiner).toBe(
        true,
      );
      expect(flattenTree<HostTensor>(state.refiner.average)).toEqual([]);
    });
  });
});

describe('the engine with other networks', () => {
  it.each<TrainConfigInput>([
    { refiner: { architecture: 'colour-grid', features: 16 } },
    { refiner: { architecture: 'colour-grid', features: 16, reduction: 2 } },
    { refiner: { architecture: 'unet' } },
    { refiner: { architecture: 'resnet-generator', features: 16, blocks: 1 } },
    { discriminator: { architecture: 'patch' }, adversarial: { gradientPenalty: 1 } },
    { discriminator: { architecture: 'simgan-eyes' }, adversarial: { gradientPenalty: 1 } },
    {
      discriminator: { architecture: 'multi-scale', objectFeatures: true },
      adversarial: { gradientPenalty: 1 },
    },
    { discriminator: { architecture: 'multi-scale' } },
    { discriminator: { architecture: 'two-field' } },
    { discriminator: { architecture: 'cyclegan' } },
  ])(
    '%j learns: both players move, to finite numbers, and a penalty is paid where there is one',
    async (values) => {
      const size = 64;
      const history = { capacity: 0 };
      await withEngine({ ...values, size, batchSize: 2, history }, async (engine) => {
        const before = copyOf(engine.state.refiner.parameters);
        const judged = copyOf(engine.state.discriminator.parameters);
        const synthetic = flatImages(2, size, 0.4);
        // A network whose last layer begins at 0 moves the layers before it in its second step.
        for (const update of [1, 2]) {
          const at = { update, learningRate: 0.01 };
          const paid = await engine.updateRefiner({ synthetic, weight: hostScalar(0.5) }, at);
          const real = flatImages(2, size, -0.5);
          const { metrics } = await engine.updateDiscriminator({ synthetic, real }, at);
          expect('gradientPenalty' in metrics).toBe(values.adversarial !== undefined);
          for (const value of Object.values({ ...paid, ...metrics })) {
            expect(Number.isFinite(value)).toBe(true);
          }
        }
        const { refiner, discriminator } = engine.state;
        for (const [now, then] of [
          [refiner.parameters, before],
          [discriminator.parameters, judged],
        ] as const) {
          const moved = leavesOf(now).map((data, i) =>
            data.some((value, k) => value !== leavesOf(then)[i][k]),
          );
          expect(moved.filter(Boolean).length / moved.length).toBeGreaterThan(0.9);
          expect(leavesOf(now).every((data) => data.every(Number.isFinite))).toBe(true);
        }
      });
    },
  );
});

describe('the engine with a cycle', () => {
  const cycle = { batchSize: 2, refiner: { architecture: 'pixel-shuffle' } } as const;

  it('moves both refiners in one step and both discriminators in the other', async () => {
    const both = { ...cycle, cycle: { weight: 10, direction: 'both' } } as const;
    await withEngine(both, async (engine) => {
      const synthetic = flatImages(2, 8, 0.4);
      const real = flatImages(2, 8, -0.5);
      const start = { ...copyOf(engine.state.refiner.parameters) } as Record<
        string,
        Tree<HostTensor>
      >;
      const judges = { ...copyOf(engine.state.discriminator.parameters) } as typeof start;
      expect(Object.keys(start)).toEqual(['refiner', 'inverse']);
      expect(Object.keys(judges)).toEqual(['real', 'synthetic']);
      // Fresh networks of a kind are not copies of one another.
      expect(differs(start.refiner, start.inverse)).toBe(true);
      expect(differs(judges.real, judges.synthetic)).toBe(true);

      await engine.updateRefiner({ synthetic, real, weight: hostScalar(0.5) }, numbers);
      const { refiner, inverse = {} } = engine.state.refiner.parameters;
      expect([differs(refiner, start.refiner), differs(inverse, start.inverse)]).toEqual([
        true,
        true,
      ]);
      expect(differs(engine.state.discriminator.parameters, judges)).toBe(false);

      const moved = copyOf(engine.state.refiner);
      const history = hostTensor([1, 6, 8, 8]);
      await engine.updateDiscriminator({ synthetic, real, history }, numbers);
      const { real: first, synthetic: second = {} } = engine.state.discriminator.parameters;
      expect([differs(first, judges.real), differs(second, judges.synthetic)]).toEqual([
        true,
        true,
      ]);
      expect(differs(engine.state.refiner, moved)).toBe(false);
    });
  });

  it('brings both refiners to the identity before the game', async () => {
    const values = { cycle: { weight: 1 }, batchSize: 2 };
    await withEngine(values, async (engine) => {
      const images = { synthetic: flatImages(2, 8, 0.4) };
      const lines: Readonly<Record<string, number>>[] = [];
      for (let update = 1; update <= 12; update++) {
        lines.push(await engine.pretrainRefiner(images, { update, learningRate: 1e-3 }));
      }
      for (const name of ['selfRegularization', 'inverseRegularization']) {
        expect([name, lines[11][name] < 0.6 * lines[0][name]]).toEqual([name, true]);
      }
    });
  });
});
