import sharp, { type Sharp } from 'sharp';

/** An image as a file or as pixels of 8 bits: rows from the top, channels interleaved. */
export type Picture =
  | string
  | {
      readonly data: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly channels: 1 | 3 | 4;
    };

export interface Size {
  readonly width: number;
  readonly height: number;
}

function open(picture: Picture): Sharp {
  if (typeof picture === 'string') return sharp(picture).autoOrient();
  const { data, width, height, channels } = picture;
  return sharp(data, { raw: { width, height, channels } });
}

/** Width and height in pixels, as seen (EXIF orientation applied). */
export async function pictureSize(picture: Picture): Promise<Size> {
  if (typeof picture !== 'string') return { width: picture.width, height: picture.height };
  const { autoOrient } = await sharp(picture).metadata();
  return autoOrient;
}

/**
 * RGB pixels of a picture fitted into a cell, centred on the background. What is enlarged keeps
 * its pixels as squares (nearest neighbour), so that artefacts stay visible as they are.
 */
export async function pictureInCell(
  picture: Picture,
  cell: Size,
  background: string,
): Promise<Buffer> {
  const size = await pictureSize(picture);
  const enlarged = size.width <= cell.width && size.height <= cell.height;
  return open(picture)
    .toColourspace('srgb')
    .flatten({ background })
    .resize({
      ...cell,
      fit: 'contain',
      background,
      kernel: enlarged ? 'nearest' : 'lanczos3',
    })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
}

/** RGB pixels of a drawing. */
export async function drawingPixels(body: string, size: Size, background: string): Promise<Buffer> {
  const { width, height } = size;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${background}"/>${body}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer();
}

/** Copies RGB pixels into a canvas of RGB pixels. */
export function paste(
  canvas: Uint8Array,
  canvasWidth: number,
  pixels: Uint8Array,
  { left, top, width, height }: Size & { readonly left: number; readonly top: number },
): void {
  for (let row = 0; row < height; row++) {
    const source = pixels.subarray(row * width * 3, (row + 1) * width * 3);
    canvas.set(source, ((top + row) * canvasWidth + left) * 3);
  }
}
