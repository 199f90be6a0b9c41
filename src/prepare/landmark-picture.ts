import sharp from 'sharp';
import type { Landmarks } from '../faces/index.ts';
import type { Picture } from '../files/picture.ts';

/** Enlarged, so that a point hides little. */
const factor = 2;

/** A picture with a dot at every landmark (pixels), at twice its size. */
export async function drawLandmarks(path: string, landmarks: Landmarks): Promise<Picture> {
  const { width, height } = await sharp(path).metadata();
  const size = { width: width * factor, height: height * factor };
  const dots = landmarks
    .map(([x, y]) => `<circle cx="${x * factor}" cy="${y * factor}" r="1.6" fill="#0f0"/>`)
    .join('');
  const overlay = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${dots}</svg>`,
  );
  const enlarged = await sharp(path).resize(size).toColourspace('srgb').png().toBuffer();
  const { data, info } = await sharp(enlarged)
    .composite([{ input: overlay }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels as 1 | 3 };
}
