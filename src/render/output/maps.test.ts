import { expect, test } from 'vitest';
import { project } from '../geometry/camera.ts';
import type { Layer } from '../geometry/layer.ts';
import { createWorkspace } from '../geometry/workspace.ts';
import { createFrame, samplesPerPixel } from '../raster/frame.ts';
import { rasterize } from '../raster/rasterize.ts';
import { depthMap, normalMap } from './maps.ts';

const camera = { distance: 20, focal: 40, centreX: 4, centreY: 4 };

/** A square of a garment that is tilted about x and drawn with a lead in the depth test. */
function tiltedSquare(advance: number): Layer {
  const positions = Float32Array.of(-3, -3, -3, 3, -3, -3, 3, 3, 3, -3, 3, 3);
  const normal = [0, -Math.SQRT1_2, Math.SQRT1_2];
  const projected = {
    x: new Float32Array(4),
    y: new Float32Array(4),
    nearness: new Float32Array(4),
  };
  project(positions, camera, { scale: samplesPerPixel, advance }, projected);
  return {
    kind: 'clothing',
    surface: {
      triangles: Uint16Array.of(0, 1, 2, 0, 2, 3),
      triangleUvs: new Uint16Array(6),
      uvs: new Float32Array(2),
    },
    positions,
    normals: Float32Array.from([...normal, ...normal, ...normal, ...normal]),
    projected,
    advance,
    firstTriangle: 0,
  };
}

test('depth is that of the surface, whatever lead it has in the depth test', () => {
  const maps = [0, 0.1].map((advance) => {
    const layer = tiltedSquare(advance);
    const frame = createFrame(8, createWorkspace());
    rasterize(frame.grid, layer.projected, layer.surface.triangles);
    return { depth: depthMap(frame, [layer]), normals: normalMap(frame, [layer]) };
  });
  // The ray through the sample at (4.25, 4.25) pixels meets the plane z = y where
  // y = −0.25 / 40 · (20 − z): z = −0.1258, so the depth is 20.126 dm; above it is nearer.
  const [plain, advanced] = maps;
  expect(plain.depth[4 * 8 + 4]).toBeGreaterThanOrEqual(2012 - 8);
  expect(plain.depth[4 * 8 + 4]).toBeLessThanOrEqual(2013 + 8);
  expect(plain.depth[8 + 4]).toBeLessThan(plain.depth[6 * 8 + 4]);
  plain.depth.forEach((value, i) => {
    expect(Math.abs(advanced.depth[i] - value)).toBeLessThanOrEqual(1);
  });
  // n = (0, −√½, √½) as 255 · (n + 1) / 2.
  expect([...plain.normals.subarray(0, 3)]).toEqual([128, 37, 218]);
});
