import type { Landmarks, Point } from '../../faces/index.ts';
import { meanFace } from '../../faces/mean-face.ts';

/** Landmarks of the mean face seen from the front, `size` pixels large, turned anticlockwise. */
export function madeUpFace(center: Point, size: number, degrees = 0): Landmarks {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const inner = meanFace.map(([x, y]): Point => {
    return [center[0] + size * (c * x + s * y), center[1] + size * (-s * x + c * y)];
  });
  // A jaw around them, as wide as a face's.
  const jaw = Array.from({ length: 17 }, (_, i): Point => {
    const [x, y] = [
      -0.26 * Math.cos((Math.PI * i) / 16),
      -0.05 + 0.36 * Math.sin((Math.PI * i) / 16),
    ];
    return [center[0] + size * (c * x + s * y), center[1] + size * (-s * x + c * y)];
  });
  return [...jaw, ...inner];
}
