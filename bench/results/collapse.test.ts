import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise, put, putFlatImages } from '../../src/data/testing/images.ts';
import { temporaryFolder } from '../../src/files/testing/folders.ts';
import { collapseOf, spreadOf } from './collapse.ts';
import { madeUpMeasures } from './testing/made-up-result.ts';

const pathsOf = (folder: string, count: number) =>
  Array.from({ length: count }, (_, i) => join(folder, `${String(i).padStart(3, '0')}.png`));

describe('spreadOf', () => {
  it('is the deviation between images, and zero between equal ones', async () => {
    const folder = await temporaryFolder();
    await putFlatImages(folder, 3, 16);
    // Grey levels 0, 10 and 20.
    const spread = await spreadOf(pathsOf(folder, 3));
    expect(spread).toBeCloseTo(Math.sqrt(200 / 3), 5);
    const [first] = pathsOf(folder, 1);
    expect(await spreadOf([first, first])).toBe(0);
  });

  it('hardly sees noise', async () => {
    const folder = await temporaryFolder();
    for (let i = 0; i < 8; i++) {
      const raw = { width: 64, height: 64, channels: 3 } as const;
      const image = sharp(noise(64 * 64 * 3, i), { raw });
      await put(folder, `00${i}.png`, await image.png().toBuffer());
    }
    // The pixels deviate by 74.
    expect(await spreadOf(pathsOf(folder, 8))).toBeLessThan(16);
  });
});

describe('collapseOf', () => {
  it('names what collapsed', () => {
    const sound = madeUpMeasures(0.3);
    expect(collapseOf(sound)).toBeNull();
    expect(collapseOf(null)).toBe('diverged');
    expect(collapseOf({ ...sound, spread: 0.2 })).toBe('alike');
    expect(collapseOf({ ...sound, facesLost: 0.6 })).toBe('faces-lost');
  });
});
