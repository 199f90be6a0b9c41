import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { explainFileError, explainingFileErrors } from '../files/file-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { loadRefinerModel, type RefinerModel } from './model.ts';

async function readExisting(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR') {
      throw new UserError(
        `Expected the name of a file for the model, got a folder: ${path}. Add a name, such as ${path}/refiner.onnx.`,
      );
    }
    throw explainFileError(error, path);
  }
}

/**
 * Writes the refiner of a run, the selected one or that of its latest checkpoint, to a file of its
 * own: plain ONNX with the weights inside. A file of equal bytes stays as it is.
 *
 * @throws {UserError} where the run has no refiner, or `file` exists and holds something else.
 */
export async function exportModel(run: string, file: string): Promise<RefinerModel> {
  const model = await loadRefinerModel(run);
  const existing = await readExisting(file);
  if (existing !== undefined && Buffer.compare(existing, model.bytes) !== 0) {
    throw new UserError(
      `Expected a new file for the model, got one that holds something else: ${file}. Choose another name, or remove it first.`,
    );
  }
  if (existing === undefined) {
    await makeFolder(dirname(file));
    await explainingFileErrors(file, () => writeFileAtomically(file, model.bytes));
  }
  return model;
}
