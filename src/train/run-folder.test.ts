import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type TrainConfigInput, trainConfig } from './config.ts';
import { type RunDescription, readRunDescription } from './run-description.ts';
import { openRunFolder } from './run-folder.ts';

function description(values: TrainConfigInput = {}, rest = {}): RunDescription {
  return {
    preset: 'simgan-faces',
    config: trainConfig(values),
    changed: ['steps'],
    synthetic: 'a',
    real: 'b',
    imageLists: { synthetic: '1', real: '2' },
    device: 'cpu',
    ...rest,
  };
}

const fresh = { resume: false };
const resume = { resume: true };

/** A folder with a run that began and was closed. */
async function folderWithRun(): Promise<string> {
  const path = join(await temporaryFolder(), 'deep', 'run');
  const folder = await openRunFolder(path, description(), fresh);
  await folder.begin();
  await folder.close();
  return path;
}

async function messageOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as UserError;
  expect(message).toMatch(/^Expected .+, got .+\. .+/s);
  return message;
}

describe('the folder of a new run', () => {
  it('describes the run and its values that differ from the preset', async () => {
    const path = await folderWithRun();
    expect(await readRunDescription(path)).toEqual(JSON.parse(JSON.stringify(description())));
    expect(JSON.parse(await readFile(join(path, 'config.json'), 'utf8'))).toMatchObject({
      changed: ['steps'],
      config: { seed: 1 },
    });
  });

  it('may be one that is there and empty, or where a start failed', async () => {
    const path = await temporaryFolder();
    const failed = await openRunFolder(path, description(), fresh);
    await failed.close();
    await writeFile(failed.metrics, '');
    expect((await readdir(path)).sort()).toEqual(['checkpoints', 'metrics.jsonl', 'samples']);
    const folder = await openRunFolder(path, description({ seed: 5 }), fresh);
    expect(folder.resumed).toBe(false);
    await folder.close();
  });

  it('is not one with other files', async () => {
    const path = await temporaryFolder();
    await writeFile(join(path, 'holiday.jpg'), '');
    expect(await messageOf(openRunFolder(path, description(), fresh))).toContain('holiday.jpg');
    expect(await readdir(path)).toEqual(['holiday.jpg']);
  });

  it('is not one with checkpoints of a run without its description', async () => {
    const path = await temporaryFolder();
    await mkdir(join(path, 'checkpoints'));
    await writeFile(join(path, 'checkpoints', '000000005.safetensors'), '');
    expect(await messageOf(openRunFolder(path, description(), fresh))).toContain('(checkpoints)');
  });

  it('is not a file, nor below one', async () => {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, '');
    expect(await messageOf(openRunFolder(path, description(), fresh))).toContain('got a file');
    const below = openRunFolder(join(path, 'run'), description(), fresh);
    expect(await messageOf(below)).toContain('file');
  });

  it('is not one that holds a run', async () => {
    const path = await folderWithRun();
    expect(await messageOf(openRunFolder(path, description(), fresh))).toContain('--resume');
  });

  it('is not one that a run uses', async () => {
    const path = await temporaryFolder();
    const first = await openRunFolder(path, description(), fresh);
    await first.begin();
    for (const how of [fresh, resume]) {
      const message = await messageOf(openRunFolder(path, description(), how));
      expect(message).toContain('one that "lifelike train" uses');
    }
    await first.close();
    await (await openRunFolder(path, description(), resume)).close();
  });
});

describe('the folder of a resumed run', () => {
  it('keeps what it holds, but for how the run ended', async () => {
    const path = await folderWithRun();
    await writeFile(join(path, 'run.json'), '{}');
    await writeFile(join(path, 'checkpoints', '.5.safetensors.77-0a1b2c3d.tmp'), '');
    const folder = await openRunFolder(path, description(), resume);
    expect(folder.resumed).toBe(true);
    expect(await readdir(folder.checkpoints)).toEqual([]);
    expect((await stat(join(path, 'run.json'))).isFile()).toBe(true);
    await folder.begin();
    expect(await readdir(path)).not.toContain('run.json');
    await folder.close();
  });

  it('may change its steps, its device and where its images lie', async () => {
    const path = await folderWithRun();
    const moved = description({ steps: 77 }, { synthetic: 'c', real: 'd', device: 'webgpu' });
    const folder = await openRunFolder(path, moved, resume);
    await folder.begin();
    await folder.close();
    expect((await readRunDescription(path)).config.steps).toBe(77);
  });

  it('names every other key that differs, with both values', async () => {
    const path = await folderWithRun();
    const other = description(
      { size: 32, history: { capacity: 64 }, regularization: { weight: 0.1 } },
      { preset: 'gan' },
    );
    const message = await messageOf(openRunFolder(path, other, resume));
    expect(message).toContain(
      'got another preset ("simgan-faces" before, "gan" now), size ([64,64] before, [32,32] now), regularization.weight (0.5 before, 0.1 now), history.capacity (0 before, 64 now).',
    );
  });

  it('does not take another list of images', async () => {
    const path = await folderWithRun();
    const other = description({}, { imageLists: { synthetic: '1', real: '3' } });
    const message = await messageOf(openRunFolder(path, other, resume));
    expect(message).toContain('other file names in --real b,');
  });

  it('must hold a run', async () => {
    const parent = await temporaryFolder();
    const path = join(parent, 'mistyped');
    expect(await messageOf(openRunFolder(path, description(), resume))).toContain(
      `Expected a run to resume in ${path}, got none.`,
    );
    expect(await readdir(parent)).toEqual([]);
  });

  it.each(['{"preset": 3}', 'null', '{"preset": '])('is refused with %j in it', async (text) => {
    const path = await temporaryFolder();
    await writeFile(join(path, 'config.json'), text);
    expect(await messageOf(openRunFolder(path, description(), resume))).toContain('config.json');
  });
});
