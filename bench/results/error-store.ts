import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ErrorStore } from '../../src/evaluate/tasks/task-options.ts';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { makeFolder } from '../../src/files/make-folder.ts';

const errorsSchema = z.strictObject({
  asLabelled: z.array(z.number()),
  adapted: z.array(z.number()),
});

/** Keeps the errors of landmark networks in a folder, a file each; a file that cannot be read counts as none. */
export function errorStore(folder: string): ErrorStore {
  const pathOf = (network: string) => join(folder, `${network}.json`);
  return {
    read: async (network) => {
      try {
        return errorsSchema.parse(JSON.parse(await readFile(pathOf(network), 'utf8')));
      } catch {
        return undefined;
      }
    },
    write: async (network, errors) => {
      await makeFolder(folder);
      await writeFileAtomically(pathOf(network), JSON.stringify(errors));
    },
  };
}
