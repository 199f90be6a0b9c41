import { crc32, deflateSync } from 'node:zlib';

export interface PngImage {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
  /** 8-bit samples, or 16-bit ones in an Uint16Array. */
  readonly data: Uint8Array | Uint16Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** The filter that subtracts the sample above and suits photographs at little cost. */
const upFilter = 2;

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

/** The samples as big-endian bytes, each row as its difference to the row above. */
function filtered({ width, height, channels, data }: PngImage): Uint8Array {
  const bytesPerSample = data.BYTES_PER_ELEMENT;
  const stride = width * channels * bytesPerSample;
  const rows = new Uint8Array((stride + 1) * height);
  const byteAt = (i: number): number => {
    if (bytesPerSample === 1) return data[i];
    return i & 1 ? data[i >> 1] & 255 : data[i >> 1] >> 8;
  };
  for (let y = 0; y < height; y++) {
    const to = y * (stride + 1);
    rows[to] = upFilter;
    for (let i = 0; i < stride; i++) {
      const above = y > 0 ? byteAt((y - 1) * stride + i) : 0;
      rows[to + 1 + i] = byteAt(y * stride + i) - above;
    }
  }
  return rows;
}

/** Encodes an image as PNG; equal pixels give equal bytes. */
export function encodePng(image: PngImage): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header[8] = 8 * image.data.BYTES_PER_ELEMENT;
  header[9] = image.channels === 1 ? 0 : 2;
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered(image), { level: 4 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
