import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { normal, randomKey } from '../../base/random.ts';
import type { ColorImage } from '../../faces/index.ts';
import type { Matrix } from '../linear-algebra/matrix.ts';
import { frechetDistance } from '../statistics/frechet-distance.ts';
import { createRealismMeter, kernelDistanceBetween } from './realism-meter.ts';

const data = process.env.LIFELIKE_DATA;
if (!data) {
  console.warn('Skipped: LIFELIKE_DATA is not set, damage to photographs is left out.');
}

/** `DAMAGED=100` measures more images and prints the table of `docs/results.md`. */
const damaged = Number(process.env.DAMAGED ?? 16);
const [size, untouched] = [64, 3 * damaged] as const;
const meter = createRealismMeter({ form: { channels: 3, size: { height: size, width: size } } });
afterAll(() => meter.dispose());

const photograph = (path: string) =>
  sharp(path).resize(size, size).toColourspace('srgb').removeAlpha();

async function pixelsOf(image: Sharp): Promise<ColorImage> {
  const samples = await image.raw().toBuffer();
  const count = size * size;
  const pixels = Uint8Array.from({ length: 3 * count }, (_, i) => {
    return samples[3 * (i % count) + Math.floor(i / count)];
  });
  return { width: size, height: size, pixels };
}

/** Each from mild to strong. */
const damages: Readonly<Record<string, (image: Sharp, level: number) => Promise<Sharp>>> = {
  'blur, σ 0.7, 1.2, 2.4 px': async (image, level) => image.blur([0.7, 1.2, 2.4][level]),
  'noise, σ 6, 15, 40': async (image, level) => {
    const samples = await image.raw().toBuffer();
    const z = normal(randomKey(level), samples.length);
    const noisy = samples.map((v, i) => Math.min(Math.max(v + [6, 15, 40][level] * z[i], 0), 255));
    return sharp(noisy, { raw: { width: size, height: size, channels: 3 } });
  },
  // Beyond 60 degrees, where faces are green, another turn makes them no more wrong.
  'hue, 10°, 25°, 60°': async (image, level) => image.modulate({ hue: [10, 25, 60][level] }),
  'JPEG, quality 60, 25, 6': async (image, level) =>
    sharp(await image.jpeg({ quality: [60, 25, 6][level] }).toBuffer()),
};

async function featuresOf(images: readonly Promise<Sharp>[]): Promise<Matrix> {
  return meter.featuresOf(await Promise.all(images.map(async (image) => pixelsOf(await image))));
}

describe.runIf(data)('damage to photographs', () => {
  const photographs = data
    ? readdir(join(data, 'us-congress-2015/images')).then((names) =>
        names
          .toSorted()
          .slice(0, damaged + untouched)
          .map((name) => join(data, 'us-congress-2015/images', name)),
      )
    : Promise.resolve([]);
  const reference = photographs.then((paths) =>
    data ? featuresOf(paths.slice(damaged).map(async (path) => photograph(path))) : undefined,
  );

  test.each(Object.entries(damages))(
    '%s raises both distances step by step',
    async (name, damage) => {
      const own = (await photographs).slice(0, damaged);
      const real = await reference;
      if (real === undefined) throw new Error('The photographs are there.');
      const distances = { kernel: [] as number[], frechet: [] as number[] };
      for (const level of [undefined, 0, 1, 2]) {
        const features = await featuresOf(
          own.map(async (path) =>
            level === undefined ? photograph(path) : damage(photograph(path), level),
          ),
        );
        distances.kernel.push(kernelDistanceBetween(features, real));
        distances.frechet.push(frechetDistance(features, real));
      }
      if (process.env.DAMAGED !== undefined) {
        const digits = (values: readonly number[]) =>
          values.map((v) => v.toPrecision(3)).join(' | ');
        console.info(`| ${name} | ${digits(distances.kernel)} | ${digits(distances.frechet)} |`);
      }
      for (const values of Object.values(distances)) {
        expect(values).toEqual(values.toSorted((p, q) => p - q));
      }
    },
  );
});
