import { UserError } from '../base/user-error.ts';

/**
 * Parses a 300-W `.pts` file (Sagonas et al. 2013) into x, y pairs in pixels from the top-left
 * corner of the top-left pixel. The format counts pixel centres from 1, so 0.5 is subtracted.
 *
 * @throws {UserError} where it is no such file, naming `path`.
 */
export function parsePts(text: string, path: string): Float32Array {
  const body = /^\s*version:\s*\S+\s+n_points:\s*(\d+)\s*\{([^}]*)\}\s*$/.exec(text);
  const values = body?.[2].trim().split(/\s+/).map(Number) ?? [];
  if (body === null || values.length !== 2 * Number(body[1]) || !values.every(Number.isFinite)) {
    throw new UserError(
      `Expected a 300-W .pts file ("version: 1", "n_points: N", N lines "x y" in braces) at ${path}, got something else. Mend or remove it.`,
    );
  }
  return Float32Array.from(values, (value) => value - 0.5);
}

/** The text of a 300-W `.pts` file of x, y pairs in our convention; `parsePts` undoes it. */
export function formatPts(points: ArrayLike<number>): string {
  const lines: string[] = [];
  for (let i = 0; i < points.length; i += 2) {
    lines.push(`${(points[i] + 0.5).toFixed(3)} ${(points[i + 1] + 0.5).toFixed(3)}`);
  }
  return `version: 1\nn_points: ${lines.length}\n{\n${lines.join('\n')}\n}\n`;
}
