import { open } from 'node:fs/promises';
import { extname } from 'node:path';

/** The formats of a dataset. */
export type ImageFormat = 'png' | 'jpeg' | 'webp';

/** The format that a file's extension names, if it is one of a dataset. */
export function formatOfName(path: string): ImageFormat | undefined {
  const extension = extname(path).toLowerCase().slice(1);
  if (extension === 'jpg' || extension === 'jpeg') return 'jpeg';
  return extension === 'png' || extension === 'webp' ? extension : undefined;
}

function formatOfBytes(head: Buffer): ImageFormat | undefined {
  if (head.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'png';
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpeg';
  const webp =
    head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
  return webp ? 'webp' : undefined;
}

/**
 * Why a file cannot be an image of the set, from its first bytes; `undefined` where they look
 * right. Costs one small read.
 */
export async function inspectHeader(path: string): Promise<string | undefined> {
  const head = Buffer.alloc(12);
  let length: number;
  try {
    const handle = await open(path, 'r');
    try {
      length = (await handle.read(head, 0, head.length, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
  }
  if (length === 0) return 'is empty (0 bytes)';
  const format = formatOfBytes(head.subarray(0, length));
  if (format === undefined) return 'holds no PNG, JPEG or WebP data';
  if (format !== formatOfName(path)) {
    return `holds ${format.toUpperCase()} data, unlike its extension "${extname(path)}"`;
  }
  return undefined;
}
