import sharp from 'sharp';

/** Planes `[channels, size, size]` as interleaved samples. */
export function interleave(planes: Uint8Array, channels: 1 | 3): Uint8Array {
  const count = planes.length / channels;
  const samples = new Uint8Array(planes.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < count; i++) samples[i * channels + channel] = planes[channel * count + i];
  }
  return samples;
}

/** A crop as PNG: `[3, size, size]`, or `[1, size, size]` where it is grey. */
export function encodeCrop(
  planes: Uint8Array,
  { size, grayscale }: { readonly size: number; readonly grayscale: boolean },
): Promise<Buffer> {
  const channels = grayscale ? 1 : 3;
  return sharp(interleave(planes, channels), { raw: { width: size, height: size, channels } })
    .toColourspace(grayscale ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}
