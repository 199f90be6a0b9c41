import sharp from 'sharp';

/** A square-pixel image with its mip levels, each half the size of the one before. */
export interface Texture {
  readonly width: number;
  readonly height: number;
  /** 3: sRGB colour; 2: strand brightness (128 is the texture's mean) and opacity. */
  readonly channels: 2 | 3;
  readonly levels: readonly Uint8Array[];
}

interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

const linearOfByte = Float64Array.from({ length: 256 }, (_, byte) => {
  const c = byte / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/**
 * Half the size; a texel's weight is its last channel where `weighted`, so that cut-outs keep their
 * colour.
 */
function halve(image: Image, channels: number, weighted: boolean): Image {
  const width = Math.max(1, image.width >> 1);
  const height = Math.max(1, image.height >> 1);
  const data = new Float32Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let total = 0;
      const to = (y * width + x) * channels;
      for (let k = 0; k < 4; k++) {
        const sx = Math.min(image.width - 1, 2 * x + (k & 1));
        const sy = Math.min(image.height - 1, 2 * y + (k >> 1));
        const from = (sy * image.width + sx) * channels;
        const weight = weighted ? image.data[from + channels - 1] + 1e-4 : 1;
        total += weight;
        for (let c = 0; c < channels; c++) {
          const isOpacity = weighted && c === channels - 1;
          data[to + c] += image.data[from + c] * (isOpacity ? 0.25 : weight);
        }
      }
      for (let c = 0; c < channels; c++) {
        if (!(weighted && c === channels - 1)) data[to + c] /= total;
      }
    }
  }
  return { width, height, data };
}

function mipLevels(image: Image, channels: 2 | 3): Texture {
  const levels: Uint8Array[] = [];
  for (let level = image; ; level = halve(level, channels, channels === 2)) {
    const bytes = new Uint8Array(level.data.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(255, Math.round(level.data[i]));
    levels.push(bytes);
    if (level.width === 1 && level.height === 1) break;
  }
  return { width: image.width, height: image.height, channels, levels };
}

/** Reads a colour texture; `ambientOcclusion` names a second texture to multiply in. */
export async function readColorTexture(
  path: string,
  size: number,
  ambientOcclusion?: string,
): Promise<Texture> {
  const read = (file: string) =>
    sharp(file).resize(size, size).toColourspace('srgb').removeAlpha().raw().toBuffer();
  const data = new Float32Array(await read(path));
  if (ambientOcclusion !== undefined) {
    const shade = await read(ambientOcclusion);
    // A full-strength multiplication would count shade twice: the renderer casts shadows itself.
    for (let i = 0; i < data.length; i++) data[i] *= 0.5 + (0.5 * shade[i]) / 255;
  }
  return mipLevels({ width: size, height: size, data }, 3);
}

/**
 * Turns red irises into brown ones: upstream's dark brown is painted far redder than any iris.
 * Texels that are not clearly red, such as the white of the eye, stay.
 */
export function brownIris(texture: Texture): Texture {
  const levels = texture.levels.map((level) => {
    const bytes = level.slice();
    for (let i = 0; i < bytes.length; i += 3) {
      const red = bytes[i];
      const share = Math.min(1, Math.max(0, (red / Math.max(1, bytes[i + 1]) - 1.25) / 0.75));
      bytes[i] = Math.round(red * (1 - 0.25 * share));
      bytes[i + 1] = Math.round(Math.max(bytes[i + 1], 0.5 * red * share));
      bytes[i + 2] = Math.round(Math.max(bytes[i + 2], 0.26 * red * share));
    }
    return bytes;
  });
  return { ...texture, levels };
}

/** Reads strands: their brightness relative to the mean of the texture, and their opacity. */
export async function readStrandTexture(path: string, size: number): Promise<Texture> {
  const rgba = await sharp(path)
    .resize(size, size)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer();
  const count = size * size;
  const data = new Float32Array(count * 2);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < count; i++) {
    const [r, g, b, a] = rgba.subarray(4 * i, 4 * i + 4);
    const luminance =
      0.2126 * linearOfByte[r] + 0.7152 * linearOfByte[g] + 0.0722 * linearOfByte[b];
    data[2 * i] = luminance;
    data[2 * i + 1] = a;
    sum += luminance * a;
    weight += a;
  }
  const mean = sum / Math.max(1, weight);
  // Root and limits even out the shine that upstream painted on dark hair.
  for (let i = 0; i < count; i++) {
    const root = Math.sqrt(data[2 * i] / Math.max(mean, 1e-6));
    data[2 * i] = 128 * Math.min(1.3, Math.max(0.6, root));
  }
  return mipLevels({ width: size, height: size, data }, 2);
}

/** Mean linear colour of a texture inside a box of texture coordinates. */
export function meanLinearColor(
  texture: Texture,
  [u0, v0, u1, v1]: readonly [number, number, number, number],
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = Math.floor(v0 * texture.height); y < v1 * texture.height; y++) {
    for (let x = Math.floor(u0 * texture.width); x < u1 * texture.width; x++) {
      const at = (y * texture.width + x) * 3;
      for (let c = 0; c < 3; c++) sum[c] += linearOfByte[texture.levels[0][at + c]];
      count++;
    }
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}
