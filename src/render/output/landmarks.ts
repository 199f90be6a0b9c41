import type { Figure } from '../geometry/layer.ts';
import type { Frame } from '../raster/frame.ts';

export interface Landmarks {
  /** 68 × [x, y] in pixels, origin at the top-left corner of the top-left pixel. */
  readonly points: readonly (readonly [number, number])[];
  /** 1 where a landmark is in the image and nothing is in front of it. */
  readonly visible: readonly (0 | 1)[];
}

/** A landmark on a rim may lie this far behind the nearest surface around it, decimetres. */
const tolerance = 0.06;
/** Hair of this opacity hides a landmark. */
const covered = 0.6;

const rounded = (value: number) => Math.round(value * 100) / 100;

/**
 * Projects the landmarks and compares their depth with the nearest surface: a landmark is seen if
 * any of the 3 × 3 samples around it is not clearly in front of it.
 */
export function projectLandmarks(figure: Figure, frame: Frame): Landmarks {
  const { camera, landmarks } = figure;
  const { grid, size, samplesPerPixel, hairCover } = frame;
  const points: (readonly [number, number])[] = [];
  const visible: (0 | 1)[] = [];
  for (let i = 0; i < landmarks.length; i += 3) {
    const w = camera.distance - landmarks[i + 2];
    const x = camera.centreX + (camera.focal * landmarks[i]) / w;
    const y = camera.centreY - (camera.focal * landmarks[i + 1]) / w;
    points.push([rounded(x), rounded(y)]);
    const inside = x >= 0 && y >= 0 && x < size && y < size;
    visible.push(inside && isSeen(x * samplesPerPixel, y * samplesPerPixel, w) ? 1 : 0);
  }
  function isSeen(sx: number, sy: number, w: number): boolean {
    const column = Math.floor(sx);
    const row = Math.floor(sy);
    if (hairCover[row * grid.width + column] > covered) return false;
    const needed = 1 / (w - tolerance);
    let empty = true;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const cx = column + dx;
        const cy = row + dy;
        if (cx < 0 || cy < 0 || cx >= grid.width || cy >= grid.height) continue;
        const nearness = grid.nearness[cy * grid.width + cx];
        if (nearness > 0) empty = false;
        if (nearness > 0 && nearness <= needed) return true;
      }
    }
    return empty;
  }
  return { points, visible };
}

/** The box around the landmarks: `[x, y, width, height]` in pixels. */
export function boundingBox(
  points: readonly (readonly [number, number])[],
): readonly [number, number, number, number] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, rounded(Math.max(...xs) - x), rounded(Math.max(...ys) - y)];
}
