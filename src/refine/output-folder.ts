import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../base/user-error.ts';
import type { Dataset } from '../data/dataset.ts';
import { removeTemporaryFiles, writeFileAtomically } from '../files/atomic-file.ts';
import { explainingFileErrors } from '../files/file-error.ts';
import { lockFolder } from '../files/folder-lock.ts';
import { makeFolder } from '../files/make-folder.ts';
import { areNested } from '../files/nested-folders.ts';

const identityName = '.refine.json';

/** What an output folder was made from. */
interface Identity {
  /** SHA-256 of the model file. */
  readonly model: string;
  /** SHA-256 over names and sizes of all files of the input. */
  readonly input: string;
}

async function checkApart(input: string, output: string): Promise<void> {
  if (await areNested(input, output)) {
    throw new UserError(
      `Expected an output folder apart from the input, got ${output} for the input ${input}. Choose a folder that neither holds the input nor lies in it.`,
    );
  }
}

async function hashListing(dataset: Dataset): Promise<string> {
  const hash = createHash('sha256');
  for (const name of [...dataset.images, ...dataset.otherFiles]) {
    // A link that leads nowhere has no size; it is reported as broken when it is read.
    const size = await stat(join(dataset.directory, name)).then(
      (found) => found.size,
      () => -1,
    );
    hash.update(`${name}\0${size}\0`);
  }
  return hash.digest('hex');
}

async function readIdentity(path: string): Promise<Partial<Identity> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Partial<Identity>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function checkIdentity(output: string, identity: Identity): Promise<void> {
  const earlier = await readIdentity(join(output, identityName));
  if (earlier === undefined) {
    const foreign = (await readdir(output)).find((name) => !name.startsWith('.'));
    if (foreign === undefined) return;
    throw new UserError(
      `Expected a new or empty output folder, or one that an earlier run into it left, got ${output} with "${foreign}". Choose another folder.`,
    );
  }
  const other = earlier.model !== identity.model ? 'model' : 'input';
  if (earlier[other] !== identity[other]) {
    throw new UserError(
      `Expected an output folder of the same ${other}, got one that was made from another ${other}: ${output}. Choose another folder, or remove this one to refine it anew.`,
    );
  }
}

/** Options of `takeOutputFolder`. */
export interface OutputFolderOptions {
  readonly input: Dataset;
  readonly output: string;
  /** SHA-256 of the model file, in hexadecimal digits. */
  readonly modelSha256: string;
}

/** An output folder that this run holds. */
export interface OutputFolder {
  readonly path: string;
  /** Marks the folder as made from this model and input. Call it before the first file. */
  claim(): Promise<void>;
  /** Gives the folder back. */
  release(): Promise<void>;
}

/**
 * Makes sure that `output` may be written: apart from the input, new or of the same model and
 * input, writable, used by no other run.
 *
 * @throws {UserError} otherwise.
 */
export async function takeOutputFolder(options: OutputFolderOptions): Promise<OutputFolder> {
  const { input, modelSha256 } = options;
  const path = resolve(options.output);
  await checkApart(input.directory, path);
  return explainingFileErrors(path, async () => {
    await makeFolder(path);
    const release = await lockFolder(path, 'lifelike refine');
    try {
      const identity = { model: modelSha256, input: await hashListing(input) };
      await checkIdentity(path, identity);
      await removeTemporaryFiles(path);
      const file = join(path, identityName);
      const claim = () => writeFileAtomically(file, `${JSON.stringify(identity)}\n`);
      return { path, claim: () => explainingFileErrors(file, claim), release };
    } catch (error) {
      await release();
      throw error;
    }
  });
}
