import { type FileHandle, open } from 'node:fs/promises';

/** An append-only `*.jsonl` file that is open for writing. */
export interface AppendLog {
  /** Appends a value as one line. Calls may overlap: lines never mix. */
  append(value: unknown): Promise<void>;
  /** Waits until the lines so far are on the disk. */
  sync(): Promise<void>;
  /** Waits for the lines under way, syncs and closes. */
  close(): Promise<void>;
}

/** The length of the file without a torn last line. */
async function completeLength(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const block = Buffer.alloc(65_536);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}

/**
 * Opens a `*.jsonl` file for appending, creating it where missing. A torn last line is cut off
 * first, or the next line would be glued to it and lost as well.
 */
export async function openAppendLog(path: string): Promise<AppendLog> {
  const handle = await open(path, 'a+');
  let length: number;
  try {
    length = await completeLength(handle);
    await handle.truncate(length);
  } catch (error) {
    await handle.close();
    throw error;
  }

  async function write(line: Buffer): Promise<void> {
    try {
      await handle.appendFile(line);
      length += line.length;
    } catch (error) {
      // What a full disk cut off must not be glued to the next line.
      await handle.truncate(length).catch(() => {});
      throw error;
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    append(value) {
      const written = last.then(() => write(Buffer.from(`${JSON.stringify(value)}\n`)));
      last = written.catch(() => {});
      return written;
    },
    async sync() {
      await last;
      await handle.sync();
    },
    async close() {
      await last;
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}
