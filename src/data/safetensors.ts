import { UserError } from '../base/user-error.ts';
import { HostTensor } from '../tensor/host-tensor.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';

/** Named tensors with text about them, as one file. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: string;
  readonly shape: Shape;
  readonly data_offsets: readonly [number, number];
}

const metadataKey = '__metadata__';

/**
 * Serializes float32 tensors in the safetensors format: the length of the header as a little-endian
 * uint64, the header as JSON, then the values. Other tools can read it.
 */
export function encodeTensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = {
    [metadataKey]: metadata,
  };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  // Padded with spaces so that the values are aligned to 8 bytes.
  const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  let at = 8 + json.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads what {@link encodeTensors} wrote.
 *
 * @throws {UserError} where the bytes are cut or of another format, naming the path.
 */
export function decodeTensors(bytes: Uint8Array, path: string): TensorFile {
  const broken = (got: string) =>
    new UserError(`Expected a safetensors file in ${path}, got ${got}. Use an intact copy of it.`);
  if (bytes.length < 8) throw broken(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = 8 + Number(view.getBigUint64(0, true));
  if (start > bytes.length) throw broken('a header that is cut');
  let header: Record<string, Entry>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  } catch {
    throw broken('a header that is no JSON');
  }
  if (typeof header !== 'object' || header === null) throw broken('a header that is no object');
  const { [metadataKey]: metadata = {}, ...entries } = header as Record<string, Entry> & {
    [metadataKey]?: Record<string, string>;
  };
  const tensors = new Map<string, HostTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) throw broken(`no type, shape and place of ${name}`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const [from, to] = offsets.map((offset) => start + offset);
    if (dtype !== 'F32') throw broken(`${name} of type ${dtype}`);
    if (to - from !== sizeOf(shape) * 4) throw broken(`${name} of another length`);
    if (to > bytes.length) throw broken('values that are cut');
    // A copy, because the values need not be aligned in the file's memory. Not by `slice`, which of
    // a Buffer is a view.
    const copy = new Uint8Array(bytes.subarray(from, to));
    tensors.set(name, new HostTensor(shape, new Float32Array(copy.buffer)));
  }
  return { tensors, metadata: metadata as Readonly<Record<string, string>> };
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Partial<Entry>;
  const areCounts = (list: unknown) =>
    Array.isArray(list) && list.every((each) => Number.isSafeInteger(each) && each >= 0);
  return (
    typeof dtype === 'string' && areCounts(shape) && areCounts(offsets) && offsets?.length === 2
  );
}
