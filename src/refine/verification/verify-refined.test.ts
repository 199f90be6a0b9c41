import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDataset } from '../../data/dataset.ts';
import { put } from '../../data/testing/images.ts';
import type { ColorImage } from '../../faces/index.ts';
import { readJsonLines } from '../../files/jsonl.ts';
import { openDatasetWriter } from '../dataset-writer.ts';
import { verificationSchema } from './config.ts';
import { fixtureRender, putImages } from './testing/picture-files.ts';
import { constant, mirrored, recolored, shiftedRight } from './testing/pictures.ts';
import { keepRejectedApart, verifyRefined } from './verify-refined.ts';

const changes = [
  (image: ColorImage) => image,
  (image: ColorImage) => shiftedRight(image, 3),
  mirrored,
  constant,
  (image: ColorImage) => recolored(image, (v) => 0.97 * v + 3),
];
const names = changes.map((_, i) => `0${i}.png`);
const config = verificationSchema.parse(undefined);
const metadata = names.map((name, i) => `{"file_name": "${name}",  "identity":${i}}`);

let root: string;
let input: string;
let output: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'verify-'));
  [input, output] = [join(root, 'in'), join(root, 'out')];
  const render = await fixtureRender();
  await putImages(
    input,
    changes.map(() => render),
  );
  await put(input, 'metadata.jsonl', `${metadata.join('\n')}\n`);
  const writer = await openDatasetWriter({
    input: await openDataset(input),
    output,
    modelSha256: 'a',
  });
  await writer.close();
  await putImages(
    output,
    changes.map((change) => change(render)),
  );
  const lines = names.map((name) =>
    JSON.stringify({ file_name: name, model: 'a', accepted: true }),
  );
  await put(output, 'refinement.jsonl', `${lines.join('\n')}\n`);
});
afterAll(() => rm(root, { recursive: true }));

async function expectVerified(): Promise<void> {
  expect((await openDataset(output)).images).toEqual(['00.png', '04.png']);
  expect((await openDataset(join(output, 'rejected'))).images).toEqual([
    '01.png',
    '02.png',
    '03.png',
  ]);
  expect(await readFile(join(output, 'metadata.jsonl'), 'utf8')).toBe(
    `${metadata[0]}\n${metadata[4]}\n`,
  );
  const lines = await readJsonLines(join(output, 'refinement.jsonl'));
  expect(lines.map(({ value }) => value)).toMatchObject([
    { file_name: '00.png', model: 'a', accepted: true, verdict: 'accepted', reason: 'verified' },
    { file_name: '01.png', accepted: false, reasonCodes: expect.arrayContaining(['shifted']) },
    { file_name: '02.png', accepted: false, reasonCodes: expect.arrayContaining(['mirrored']) },
    { file_name: '03.png', accepted: false, reasonCodes: expect.arrayContaining(['face-lost']) },
    { file_name: '04.png', accepted: true, verdict: 'accepted' },
  ]);
}

test('verdicts go into the log, rejected images are set aside with their lines', async () => {
  const totals: number[] = [];
  const onStart = (total: number) => {
    totals.push(total);
    return () => {};
  };
  const verified = await verifyRefined({ input, output, channels: 3, config, onStart });
  expect(verified).toMatchObject({ accepted: 2, rejected: 3, unverifiable: 0, open: 0 });
  expect(verified.noiseFloor.images).toBe(names.length);
  expect(totals).toEqual([5]);
  await expectVerified();
});

test('a later run refines nothing again, verifies nothing again and ends alike', async () => {
  const dataset = await openDataset(input);
  const writer = await openDatasetWriter({ input: dataset, output, modelSha256: 'a' });
  expect(writer.pending).toEqual([]);
  await writer.close();
  const totals: number[] = [];
  const onStart = (total: number) => {
    totals.push(total);
    return () => {};
  };
  const verified = await verifyRefined({ input, output, channels: 3, config, onStart });
  expect(verified).toMatchObject({ accepted: 2, rejected: 3 });
  expect(totals).toEqual([0]);
  await expectVerified();
});

test('a later run with other thresholds is refused: its verdicts would mean something else', async () => {
  const stricter = verificationSchema.parse({ identityCosine: 0.99 });
  await expect(verifyRefined({ input, output, channels: 3, config: stricter })).rejects.toThrow(
    /Expected the verification\.identityCosine that .* 0\.92, got 0\.99/,
  );
  await expectVerified();
});

test('a later run without verification leaves rejected images apart', async () => {
  const writer = await openDatasetWriter({
    input: await openDataset(input),
    output,
    modelSha256: 'a',
  });
  await writer.close();
  const whole = await readFile(join(output, 'metadata.jsonl'), 'utf8');
  expect(whole.trim().split('\n')).toHaveLength(5);
  await keepRejectedApart(input, output);
  await expectVerified();
});

test('an interrupted run leaves the rest open', async () => {
  const lines = names.map((name) => JSON.stringify({ file_name: name, accepted: true }));
  await put(output, 'refinement.jsonl', `${lines.join('\n')}\n`);
  const signal = AbortSignal.abort();
  const verified = await verifyRefined({ input, output, channels: 3, config, signal });
  expect(verified).toMatchObject({ accepted: 0, rejected: 0, open: 5 });
});
