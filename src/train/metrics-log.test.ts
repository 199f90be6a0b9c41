import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../files/testing/folders.ts';
import { type MetricsLine, openMetricsLog, readMetrics } from './metrics-log.ts';

async function linesOf(path: string): Promise<MetricsLine[]> {
  const lines: MetricsLine[] = [];
  for await (const { line } of readMetrics(path)) lines.push(line);
  return lines;
}

const text = '{"step":1}\n{"step":2,"phase":"λ"}\n{"step":3}\n';

describe('the log of metrics', () => {
  it('keeps the first lines byte for byte and cuts what follows', async () => {
    const path = join(await temporaryFolder(), 'metrics.jsonl');
    await writeFile(path, `${text}{"step":4}\n{"st`);
    const seen: MetricsLine[] = [];
    const { log, kept } = await openMetricsLog(
      path,
      ({ step }) => Number(step) <= 2,
      (line) => seen.push(line),
    );
    await log.append({ step: 3, anew: 1 });
    await log.sync();
    await log.close();
    expect(kept).toBe(2);
    expect(seen).toEqual([{ step: 1 }, { step: 2, phase: 'λ' }]);
    expect(await readFile(path, 'utf8')).toBe(
      '{"step":1}\n{"step":2,"phase":"λ"}\n{"step":3,"anew":1}\n',
    );
  });

  it('begins empty', async () => {
    const path = join(await temporaryFolder(), 'metrics.jsonl');
    const { log, kept } = await openMetricsLog(
      path,
      () => true,
      () => {},
    );
    await log.close();
    expect([kept, await readFile(path, 'utf8')]).toEqual([0, '']);
  });

  it('keeps none of a new run', async () => {
    const path = join(await temporaryFolder(), 'metrics.jsonl');
    await writeFile(path, text);
    const { log } = await openMetricsLog(
      path,
      () => false,
      () => {},
    );
    await log.close();
    expect(await readFile(path, 'utf8')).toBe('');
  });

  it('reads lines longer than the pieces a file comes in, and no torn one', async () => {
    const path = join(await temporaryFolder(), 'metrics.jsonl');
    const long = { text: 'é'.repeat(1.3 * 2 ** 20) };
    for (const line of [{ a: 1 }, long, { a: 2 }])
      await appendFile(path, `${JSON.stringify(line)}\n`);
    await appendFile(path, '{"a":3');
    expect(await linesOf(path)).toEqual([{ a: 1 }, long, { a: 2 }]);
    expect(await linesOf(join(path, '..', 'absent'))).toEqual([]);
  });

  it.each(['{"a":1', '3', ''])('refuses the line %j in the middle', async (broken) => {
    const path = join(await temporaryFolder(), 'metrics.jsonl');
    await writeFile(path, `{"a":1}\n${broken}\n{"a":2}\n`);
    await expect(linesOf(path)).rejects.toThrow(`${path}, got "${broken}" in line 2. Mend`);
  });
});
