import sharp from 'sharp';
import { expect, it } from 'vitest';
import { put } from '../data/testing/images.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { compareFraming } from './compare-framing.ts';
import { readFramedFaces } from './framed-faces.ts';
import { madeUpFace } from './testing/made-up-face.ts';

/** A dataset of grey images with a made-up face each, `shift` pixels right of the middle. */
async function madeUpSet(
  shifts: readonly number[],
  pose?: readonly number[],
  before = '',
): Promise<string> {
  const folder = await temporaryFolder();
  const grey = sharp({ create: { width: 100, height: 80, channels: 3, background: '#888' } });
  const lines: string[] = [];
  for (const [i, shift] of shifts.entries()) {
    await put(folder, `${i}.png`, await grey.clone().png().toBuffer());
    const landmarks = madeUpFace([50 + shift, 40], 90);
    lines.push(JSON.stringify({ file_name: `${i}.png`, landmarks, ...(pose && { pose }) }));
  }
  await put(folder, 'metadata.jsonl', `${before}${lines.join('\n')}\n`);
  return folder;
}

it('reads framing from landmarks and pose from metadata, or estimates it', async () => {
  const [first, second] = await readFramedFaces(await madeUpSet([0, 10], [33, -7, 2]));
  expect([first.yaw, first.pitch]).toEqual([33, -7]);
  expect(second.centerX - first.centerX).toBeCloseTo(0.1, 6);
  expect(second.scale).toBeCloseTo(first.scale, 6);
  const [estimated] = await readFramedFaces(await madeUpSet([0]));
  expect(Math.abs(estimated.yaw)).toBeLessThan(0.1);
  expect(Math.abs(estimated.pitch)).toBeLessThan(0.1);
});

it('reads metadata that begins with a byte order mark', async () => {
  const [{ yaw }] = await readFramedFaces(await madeUpSet([0], [33, -7, 2], '\uFEFF'));
  expect(yaw).toBe(33);
});

it('tells train which side is framed otherwise', async () => {
  const centered = await madeUpSet(Array.from({ length: 40 }, (_, i) => (i % 5) - 2));
  const moved = await madeUpSet(Array.from({ length: 40 }, (_, i) => 8 + (i % 5)));
  const { quantities, warnings } = await compareFraming(centered, moved);
  expect(quantities.centerX.statistic).toBe(1);
  expect(quantities.scale.differs).toBe(false);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('centerX');
});
