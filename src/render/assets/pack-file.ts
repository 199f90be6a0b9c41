/**
 * One binary file of typed arrays: 8 bytes of header length, a JSON header whose typed arrays are
 * replaced by `{"$array": [kind, offset, length]}`, then the arrays, each aligned to 16 bytes.
 * The arrays of a read pack are views, so that worker threads share one copy.
 */

const kinds = { Float32Array, Int32Array, Uint16Array, Int16Array, Uint8Array } as const;
type Kind = keyof typeof kinds;
export type PackedArray = Float32Array | Int32Array | Uint16Array | Int16Array | Uint8Array;

interface ArrayReference {
  readonly $array: readonly [Kind, number, number];
}

const alignment = 16;
const align = (offset: number) => Math.ceil(offset / alignment) * alignment;

function isPackedArray(value: unknown): value is PackedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Serializes plain data that holds typed arrays anywhere. */
export function encodePack(data: unknown): Uint8Array {
  const arrays: PackedArray[] = [];
  let offset = 0;
  const header = JSON.stringify(data, (_key, value: unknown) => {
    if (!isPackedArray(value)) return value;
    const kind = value.constructor.name as Kind;
    if (!(kind in kinds)) throw new Error(`a pack cannot hold a ${kind}`);
    const reference: ArrayReference = { $array: [kind, offset, value.length] };
    arrays.push(value);
    offset = align(offset + value.byteLength);
    return reference;
  });
  const headerBytes = new TextEncoder().encode(header);
  const start = align(8 + headerBytes.length);
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setUint32(0, headerBytes.length, true);
  bytes.set(headerBytes, 8);
  let at = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at = align(at + array.byteLength);
  }
  return bytes;
}

/** The data of `encodePack`, with arrays that view `buffer`. */
export function decodePack(buffer: ArrayBufferLike): unknown {
  const headerLength = new DataView(buffer).getUint32(0, true);
  // TextDecoder refuses shared memory, hence the copy.
  const header = new TextDecoder().decode(new Uint8Array(buffer, 8, headerLength).slice());
  const start = align(8 + headerLength);
  return JSON.parse(header, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$array' in value)) return value;
    const [kind, offset, length] = (value as ArrayReference).$array;
    // The constructors' types know no shared memory, the constructors do.
    return new kinds[kind](buffer as ArrayBuffer, start + offset, length);
  });
}
