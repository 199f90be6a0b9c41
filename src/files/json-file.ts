import { readFile } from 'node:fs/promises';
import { UserError } from '../base/user-error.ts';
import { withoutByteOrderMark } from './byte-order-mark.ts';
import { jsonErrorOffset } from './json-syntax.ts';

function syntaxError(path: string, text: string): UserError {
  const offset = jsonErrorOffset(text);
  const before = text.slice(0, offset).split('\n');
  const column = before[before.length - 1].length + 1;
  const rest = text.slice(offset).split('\n')[0].trim().slice(0, 20);
  const got = offset >= text.length ? 'the end of the file' : `"${rest}"`;
  return new UserError(
    `Expected JSON in ${path}, got ${got} in line ${before.length}, column ${column}. Mend the file there; JSON has no comments and no comma before a closing bracket.`,
  );
}

/**
 * Reads a JSON file that a user wrote.
 *
 * @throws {UserError} where the file is missing or a folder, and with line and column where it is
 *   no JSON.
 */
export async function readJsonFile(path: string): Promise<unknown> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = { ENOENT: 'no such file', EISDIR: 'a folder', ENOTDIR: 'no such file' }[code ?? ''];
    if (!got) throw error;
    throw new UserError(`Expected a JSON file at ${path}, got ${got}. Check the path.`);
  }
  const text = withoutByteOrderMark(content);
  try {
    return JSON.parse(text);
  } catch {
    throw syntaxError(path, text);
  }
}
