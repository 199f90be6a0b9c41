import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { readFrozenNetworks } from './frozen-networks.ts';
import { chanceLevel, createCurveWriter, writeLossCurves } from './loss-curves.ts';
import { createPlayers } from './players.ts';
import { presets } from './presets.ts';

const context = { preset: 'simgan-faces', config: trainConfig(), chance: Math.LN2 };

/** A run folder with a log of `count` steps of a phase. */
async function runWith(phases: Readonly<Record<string, number>>): Promise<string> {
  const run = await temporaryFolder();
  const lines = Object.entries(phases).flatMap(([phase, count]) =>
    Array.from({ length: count }, (_, i) => ({
      phase,
      step: i + 1,
      meanAbsoluteChange: 0.1 + i / 100,
      accuracyReal: 0.5,
      refinerAdversarial: 0.7,
    })),
  );
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(run, 'metrics.jsonl'), text);
  return run;
}

const heightOf = async (run: string) =>
  (await sharp(await writeLossCurves(run, context)).metadata()).height;

describe('the loss curves', () => {
  it('are drawn with pre-training apart', async () => {
    const game = await heightOf(await runWith({ adversarial: 50 }));
    const both = await runWith({ 'refiner-pretraining': 5, adversarial: 50 });
    // Five panels of the game and one of pre-training, two in a row.
    expect([game, await heightOf(both)]).toEqual([1173, 1173]);
    const [{ data: a }, { data: b }] = await Promise.all(
      [await runWith({ adversarial: 50 }), both].map(async (run) =>
        sharp(await writeLossCurves(run, context))
          .extract({ left: 620, top: 820, width: 560, height: 330 })
          .raw()
          .toBuffer({ resolveWithObject: true }),
      ),
    );
    const ink = (pixels: Buffer) => pixels.filter((value) => value < 200).length;
    expect(ink(a)).toBe(0);
    expect(ink(b)).toBeGreaterThan(1000);
  });

  it('have panels of what was measured on held-out images', async () => {
    const run = await runWith({ adversarial: 50 });
    const before = await heightOf(run);
    const records = [10, 20, 30].map((step) => ({
      ...{ step, realism: 0.02 - step / 5000, realismOfRenders: 0.02, seconds: 1 },
      ...{ drift: step / 100, noiseFloor: 0.25, driftLimit: 0.25 },
    }));
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    await writeFile(join(run, 'selection.jsonl'), text);
    // Seven panels, two in a row.
    expect((await heightOf(run)) ?? 0).toBeGreaterThan((before ?? 0) + 300);
    await writeFile(join(run, 'selection.jsonl'), '{"step": 1}\n');
    await expect(heightOf(run)).rejects.toThrow(/Expected a measurement of a refiner in .* line 1/);
  });

  it('are drawn of an empty log too', async () => {
    expect(await heightOf(await runWith({}))).toBe(1173);
  });

  it('have the level of chance in the reduction of the losses', async () => {
    const levelOf = async (values: TrainConfigInput) => {
      const config = trainConfig(values);
      return chanceLevel(config, createPlayers(config, await readFrozenNetworks(config)));
    };
    expect(await levelOf(presets['simgan-faces'].values)).toBeCloseTo(Math.LN2, 10);
    // 126 patches of a 35×55 image: 87.34.
    expect(await levelOf(presets['simgan-eyes'].values)).toBeCloseTo(87.34, 2);
    // A discriminator that judges feature maps too has their weights.
    expect(await levelOf({ ...presets.lifelike.values, reduction: 'sum' })).toBeGreaterThan(1);
  });

  it('are not drawn again and again where that takes long', async () => {
    const run = await runWith({ adversarial: 5 });
    const curves = createCurveWriter(run, 'gan', trainConfig(), createPlayers(trainConfig()));
    await curves.write();
    await writeFile(join(run, 'loss-curves.png'), 'not drawn again');
    await curves.writeNowAndThen();
    const drawn = await sharp(join(run, 'loss-curves.png'))
      .metadata()
      .catch(() => undefined);
    expect(drawn).toBeUndefined();
  });
});
