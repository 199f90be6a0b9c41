/** Buffers by name, kept from image to image so that rendering allocates next to nothing. */
export interface Workspace {
  /** A buffer of at least this length under a name, cut to the length; its content is left over. */
  floats(name: string, length: number): Float32Array;
  integers(name: string, length: number): Int32Array;
  bytes(name: string, length: number): Uint8Array;
}

function pool<Buffer extends Float32Array | Int32Array | Uint8Array>(
  create: (length: number) => Buffer,
): (name: string, length: number) => Buffer {
  const buffers = new Map<string, Buffer>();
  return (name, length) => {
    let buffer = buffers.get(name);
    if (buffer === undefined || buffer.length < length) {
      buffer = create(Math.ceil(length * 1.1));
      buffers.set(name, buffer);
    }
    return buffer.subarray(0, length) as Buffer;
  };
}

export function createWorkspace(): Workspace {
  return {
    floats: pool((length) => new Float32Array(length)),
    integers: pool((length) => new Int32Array(length)),
    bytes: pool((length) => new Uint8Array(length)),
  };
}
