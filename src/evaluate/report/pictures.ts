import sharp from 'sharp';
import type { ColorImage, FaceTools, Landmarks } from '../../faces/index.ts';
import { findInputFace } from '../../refine/verification/face.ts';
import { loadImage } from '../../refine/verification/load-image.ts';
import type { LabelRecord } from '../labels/label-record.ts';
import type { Pair } from '../pairs.ts';

/** A pair as a report shows it. */
export interface PicturePair {
  readonly record: LabelRecord;
  readonly width: number;
  readonly height: number;
  /** Data URLs. */
  readonly before: string;
  readonly after: string;
  /** Found landmarks in pixels of the shown pictures, where there is a face. */
  readonly landmarks?: { readonly before: Landmarks; readonly after: Landmarks };
}

/** Larger pictures are reduced, or a thousand-pixel set would not fit into one file. */
export const longestSide = 256;

/** Reads a pair, finds its landmarks again and makes pictures that live inside the page. */
export async function picturePair(
  pair: Pair,
  record: LabelRecord,
  { tools, channels }: { readonly tools: FaceTools; readonly channels: 1 | 3 },
): Promise<PicturePair> {
  const before = await loadImage(pair.input, { channels });
  const after = await loadImage(pair.refined, { channels });
  const scale = Math.min(1, longestSide / Math.max(before.width, before.height));
  const width = Math.round(before.width * scale);
  const height = Math.round(before.height * scale);
  const face = await findInputFace(tools, before);
  const scaled = (landmarks: Landmarks): Landmarks =>
    landmarks.map(([x, y]) => [x * scale, y * scale]);
  return {
    record,
    width,
    height,
    before: await pictureUrl(before, { width, height }),
    after: await pictureUrl(after, { width, height }),
    ...(face && {
      landmarks: {
        before: scaled(face.landmarks),
        after: scaled(await tools.landmarks(after, face.box)),
      },
    }),
  };
}

/** An image as WebP inside a data URL. */
export async function pictureUrl(
  { width, height, pixels }: ColorImage,
  size: { readonly width: number; readonly height: number },
): Promise<string> {
  const count = width * height;
  const samples = Buffer.alloc(3 * count);
  for (let i = 0; i < samples.length; i++) samples[i] = pixels[(i % 3) * count + Math.floor(i / 3)];
  const image = sharp(samples, { raw: { width, height, channels: 3 } }).resize(size);
  const bytes = await image.webp({ quality: 92 }).toBuffer();
  return `data:image/webp;base64,${bytes.toString('base64')}`;
}
