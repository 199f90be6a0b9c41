import { readFile } from 'node:fs/promises';
import { UserError } from '../base/user-error.ts';

/** A line of an append-only `*.jsonl` file: its exact text and its parsed value. */
export interface JsonLine {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Reads a `*.jsonl` file. A torn last line (no newline at the end and no valid JSON), which an
 * interrupted append leaves behind, is ignored; a missing file has no lines.
 *
 * @throws {UserError} where any other line is not JSON, naming file and line.
 */
export async function readJsonLines(path: string): Promise<JsonLine[]> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const texts = content.split('\n');
  const lines: JsonLine[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.trim() === '') continue;
    try {
      lines.push({ text, value: JSON.parse(text) });
    } catch {
      const torn = index === texts.length - 1;
      if (torn) break;
      throw new UserError(
        `Expected one JSON value a line in ${path}, got "${text.slice(0, 60)}" in line ${index + 1}. Mend or remove that line.`,
      );
    }
  }
  return lines;
}
