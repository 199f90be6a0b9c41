/**
 * Bytes and the network's range: byte b is v = b / 127.5 − 1, so 0 … 255 is −1 … 1. The one place
 * that defines both directions.
 */
const valueOfByte = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

/** The byte of a value: (v + 1) · 127.5 rounded to the nearest, half up, clipped to 0 … 255. */
export function byteOf(value: number): number {
  const byte = Math.floor((value + 1) * 127.5 + 0.5);
  // The comparison that is false for NaN comes first: a broken value is black.
  return byte > 0 ? Math.min(byte, 255) : 0;
}

/** Options of `bytesToValues`. */
export interface PlaneOptions {
  readonly width: number;
  /** Mirrors left and right. */
  readonly flip: boolean;
  /** Where in `values` the first one goes. */
  readonly offset: number;
}

/** Writes bytes `[channels, height, width]` as values in −1 … 1, mirrored where asked. */
export function bytesToValues(
  bytes: Uint8Array,
  values: Float32Array,
  { width, flip, offset }: PlaneOptions,
): void {
  if (!flip) {
    for (let i = 0; i < bytes.length; i++) values[offset + i] = valueOfByte[bytes[i]];
    return;
  }
  for (let row = 0; row < bytes.length; row += width) {
    const last = offset + row + width - 1;
    for (let x = 0; x < width; x++) values[last - x] = valueOfByte[bytes[row + x]];
  }
}

/**
 * Luma of 8-bit RGB as JPEG and ITU-R BT.601 define it, Y′ = 0.299 R′ + 0.587 G′ + 0.114 B′, in
 * 16-bit fixed point and rounded, so that grey stays as it is: how colour images become grey ones.
 */
export function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
}

/** From planes `[channels, height, width]` to interleaved samples `[height, width, channels]`. */
export function interleave(planes: Uint8Array, channels: number): Uint8Array {
  const count = planes.length / channels;
  const samples = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < count; i++) samples[i * channels + channel] = planes[channel * count + i];
  }
  return samples;
}

/** Linear light of an sRGB byte, 0 … 1 (IEC 61966-2-1). */
export const linearOfByte = Float64Array.from({ length: 256 }, (_, byte) => {
  const v = byte / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});
