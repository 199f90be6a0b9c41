import { open, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { UserError } from '../base/user-error.ts';
import { withoutByteOrderMark } from '../files/byte-order-mark.ts';

/** Where an image's line is: bytes `start` … `start + length` of `file`, without the newline. */
export interface MetadataLine {
  /** The `metadata.jsonl`, relative to the dataset's folder. */
  readonly file: string;
  readonly start: number;
  readonly length: number;
}

/** One line of a `metadata.jsonl`, with the names it holds relative to the dataset's folder. */
export interface MetadataEntry extends MetadataLine {
  readonly image: string;
  /** Files that a field `*_file_name` other than `file_name` names, such as a mask. */
  readonly companions: readonly string[];
}

const newline = 0x0a;

/** Names in a metadata file are relative to the folder it lies in. */
function resolveName(file: string, name: string): string {
  return posix.join(posix.dirname(file), name);
}

function parseEntry(line: MetadataLine, text: string, path: string): MetadataEntry {
  const value: unknown = JSON.parse(text);
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof fields.file_name !== 'string') {
    throw new UserError(
      `Expected a text "file_name" in every line of ${path}, got ${text.slice(0, 60)}. Add it or remove the line.`,
    );
  }
  const companions = Object.entries(fields)
    .filter((field): field is [string, string] => {
      return field[0].endsWith('_file_name') && typeof field[1] === 'string';
    })
    .map(([, name]) => resolveName(line.file, name));
  return { ...line, image: resolveName(line.file, fields.file_name), companions };
}

/**
 * Reads a `metadata.jsonl` (Hugging Face ImageFolder): one JSON object a line, `file_name` relative
 * to the folder of that file. A torn last line is ignored. Only positions and names are kept.
 *
 * @throws {UserError} for a line that is not JSON or has no `file_name`.
 */
export async function readMetadata(directory: string, file: string): Promise<MetadataEntry[]> {
  const path = join(directory, file);
  const bytes = await readFile(path);
  const entries: MetadataEntry[] = [];
  let number = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const text = withoutByteOrderMark(bytes.toString('utf8', start, end));
    number += 1;
    if (text.trim() !== '') {
      try {
        entries.push(parseEntry({ file, start, length: end - start }, text, path));
      } catch (error) {
        if (error instanceof UserError) throw error;
        if (found < 0) break;
        throw new UserError(
          `Expected one JSON object a line in ${path}, got "${text.slice(0, 60)}" in line ${number}. Mend or remove that line.`,
        );
      }
    }
    start = end + 1;
  }
  return entries;
}

/** The exact bytes of lines of one metadata file, without their newlines. */
export async function readMetadataLines(
  directory: string,
  lines: readonly MetadataLine[],
): Promise<Buffer[]> {
  if (lines.length === 0) return [];
  const handle = await open(join(directory, lines[0].file), 'r');
  try {
    const contents: Buffer[] = [];
    for (const { start, length } of lines) {
      const content = Buffer.alloc(length);
      await handle.read(content, 0, length, start);
      contents.push(content);
    }
    return contents;
  } finally {
    await handle.close();
  }
}
