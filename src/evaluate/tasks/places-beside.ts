import { type RandomKey, uniform } from '../../base/random.ts';
import type { FaceFrame } from './face-frame.ts';

/** Squares at random places and of smaller sizes that show at most a quarter of face. */
export function placesBeside(
  size: { readonly width: number; readonly height: number },
  face: FaceFrame,
  options: { readonly key: RandomKey; readonly count: number },
): FaceFrame[] {
  const tries = 40;
  const u = uniform(options.key, 3 * tries);
  const found: FaceFrame[] = [];
  for (let i = 0; i < tries && found.length < options.count; i++) {
    const side = face.side * (0.4 + 0.6 * u[3 * i]);
    const centre = [u[3 * i + 1] * size.width, u[3 * i + 2] * size.height] as const;
    const reach = (side + face.side) / 2;
    const shared = [0, 1].map((axis) =>
      Math.max(0, reach - Math.abs(centre[axis] - face.centre[axis])),
    );
    const overlap = Math.min(shared[0], side) * Math.min(shared[1], side);
    if (overlap < 0.25 * side * side) found.push({ centre, side });
  }
  return found;
}
