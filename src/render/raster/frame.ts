import type { Workspace } from '../geometry/workspace.ts';
import type { SampleGrid } from './rasterize.ts';

/** All samples of an image: 2 × 2 a pixel. */
export interface Frame {
  /** Edge of the square image, pixels. */
  readonly size: number;
  readonly samplesPerPixel: number;
  readonly grid: SampleGrid & { readonly triangle: Int32Array };
  /** `[samples, 3]` linear RGB. */
  readonly color: Float32Array;
  /** Opacity of hair and of brows in front of what is solid, 0 … 1 a sample. */
  readonly hairCover: Float32Array;
  readonly browCover: Float32Array;
}

export const samplesPerPixel = 2;

export function createFrame(size: number, workspace: Workspace): Frame {
  const edge = size * samplesPerPixel;
  const count = edge * edge;
  const frame: Frame = {
    size,
    samplesPerPixel,
    grid: {
      width: edge,
      height: edge,
      nearness: workspace.floats('frame nearness', count),
      triangle: workspace.integers('frame triangle', count),
    },
    color: workspace.floats('frame color', count * 3),
    hairCover: workspace.floats('frame hair', count),
    browCover: workspace.floats('frame brows', count),
  };
  frame.grid.nearness.fill(0);
  frame.grid.triangle.fill(-1);
  frame.hairCover.fill(0);
  frame.browCover.fill(0);
  return frame;
}
