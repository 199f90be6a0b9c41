import { describe, expect, it } from 'vitest';
import { hostTensor } from '../tensor/host-tensor.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';

const file = {
  tensors: new Map([
    ['a.weight', hostTensor([2, 3], Float32Array.of(1, -2, 3.5, Number.NaN, -0, 1e-40))],
    ['empty', hostTensor([0, 4])],
    ['scalar', hostTensor([], Float32Array.of(7))],
  ]),
  metadata: { seed: '5', text: 'λ' },
};

const bitsOf = (data: Float32Array = new Float32Array()) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');

/** A file with another header in front of the same values. */
function withHeader(header: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(64)]);
}

describe('safetensors', () => {
  it('gives back names, shapes, metadata and every bit', () => {
    const decoded = decodeTensors(encodeTensors(file), 'x');
    expect(decoded.metadata).toEqual(file.metadata);
    expect([...decoded.tensors.keys()]).toEqual([...file.tensors.keys()]);
    for (const [name, { shape, data }] of file.tensors) {
      const read = decoded.tensors.get(name);
      expect(read?.shape).toEqual(shape);
      expect(bitsOf(read?.data)).toEqual(bitsOf(data));
    }
  });

  it('reads a Buffer at any place in its memory, as files come', () => {
    const bytes = encodeTensors(file);
    const inside = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(9)]);
    const decoded = decodeTensors(inside.subarray(3, 3 + bytes.length), 'x');
    expect(decoded.tensors.get('scalar')?.data).toEqual(Float32Array.of(7));
  });

  it('refuses bytes that are cut anywhere', () => {
    const bytes = encodeTensors(file);
    for (const length of [0, 7, 8, 40, bytes.length - 1]) {
      const cut = () => decodeTensors(bytes.subarray(0, length), 'the/file');
      expect(cut).toThrow(/^Expected a safetensors file in the\/file, got .*\. Use /);
    }
  });

  it.each([
    null,
    [1],
    { a: null },
    { a: { dtype: 'F32', shape: [1] } },
    { a: { dtype: 'F32', shape: 'x', data_offsets: [0, 4] } },
    { a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } },
    { a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } },
    { a: { dtype: 'F32', shape: [-1], data_offsets: [4, 0] } },
  ])('refuses the header %j', (header) => {
    expect(() => decodeTensors(withHeader(header), 'x')).toThrow('Expected a safetensors file');
  });
});
