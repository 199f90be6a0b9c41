import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { exportModel } from './export-model.ts';
import { eyeRefiner, negative } from './testing/models.ts';

/** A run with a refiner, and a place for the exported file. */
async function runFolder(refiner: Uint8Array): Promise<{ run: string; file: string }> {
  const folder = await temporaryFolder();
  const run = join(folder, 'run');
  await mkdir(run);
  await writeFile(join(run, 'config.json'), '{}');
  await writeFile(join(run, 'refiner.onnx'), refiner);
  return { run, file: join(folder, 'exported', 'face.onnx') };
}

test('the refiner of a run, byte for byte; again is no harm', async () => {
  const refiner = negative(1);
  const { run, file } = await runFolder(refiner);
  const model = await exportModel(run, file);
  expect(model).toMatchObject({ channels: 1, size: '64x48', preset: 'made-up' });
  expect(await readFile(file)).toEqual(Buffer.from(refiner));
  await exportModel(run, file);
  expect(await readdir(join(file, '..'))).toEqual(['face.onnx']);
});

test('a file that holds something else, or a folder, is not overwritten', async () => {
  const { run, file } = await runFolder(negative());
  await exportModel(run, file);
  await writeFile(file, 'thesis');
  const refused = exportModel(run, file);
  await expect(refused).rejects.toThrow(/Expected a new file .*something else: .*face\.onnx/);
  await expect(refused).rejects.toBeInstanceOf(UserError);
  expect(await readFile(file, 'utf8')).toBe('thesis');
  await expect(exportModel(run, run)).rejects.toThrow(/got a folder: .*Add a name/);
  await expect(exportModel(run, join(file, 'x.onnx'))).rejects.toThrow(/got a file \(ENOTDIR\)/);
});

test('a folder without permission to write is refused', async (context) => {
  if (process.getuid?.() === 0) context.skip('root may write everywhere');
  const { run } = await runFolder(negative());
  await chmod(run, 0o500);
  await expect(exportModel(run, join(run, 'x.onnx'))).rejects.toThrow(/permission denied/);
});

const checker = `
import sys
try:
    import onnx
except ImportError:
    sys.exit(3)
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
print(model.ir_version, [(o.domain, o.version) for o in model.opset_import],
      [v.name for v in list(model.graph.input) + list(model.graph.output)])
`;

test("an exported file passes ONNX's checker", async (context) => {
  const { run, file } = await runFolder(eyeRefiner());
  await exportModel(run, file);
  // The system's Python: a virtual environment's seldom has Debian's packages.
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', checker, file]);
  if (status === 3 || status === null) {
    context.skip('no /usr/bin/python3 with the package onnx (Debian: python3-onnx)');
  }
  expect(stderr.toString()).toBe('');
  expect(stdout.toString()).toBe("8 [('', 17)] ['images', 'refined']\n");
});
