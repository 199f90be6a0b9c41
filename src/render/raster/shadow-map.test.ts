import { expect, test } from 'vitest';
import type { Layer } from '../geometry/layer.ts';
import { createWorkspace } from '../geometry/workspace.ts';
import { drawShadowMap, lightAt } from './shadow-map.ts';

/** A square that faces the camera at depth z. */
function plate(half: number, z: number): Layer {
  const positions = Float32Array.of(-half, -half, z, half, -half, z, half, half, z, -half, half, z);
  return {
    kind: 'body',
    surface: {
      triangles: Uint16Array.of(0, 1, 2, 0, 2, 3),
      triangleUvs: new Uint16Array(6),
      uvs: new Float32Array(2),
    },
    positions,
    normals: new Float32Array(12),
    projected: { x: new Float32Array(4), y: new Float32Array(4), nearness: new Float32Array(4) },
    advance: 0,
    firstTriangle: 0,
  };
}

const light = { direction: [0.5, 0.5, Math.SQRT1_2], softness: 2, centre: [0, 0, 0] } as const;

test('a lit plane is lit everywhere: no acne at a slant', () => {
  const map = drawShadowMap([plate(1.5, 0)], light, createWorkspace());
  for (let x = -1; x <= 1; x += 0.17) {
    for (let y = -1; y <= 1; y += 0.19) expect(lightAt(map, x, y, 0.05)).toBeCloseTo(1, 5);
  }
});

test('a plate casts a shadow with a soft edge along the light', () => {
  const map = drawShadowMap([plate(2, 0), plate(0.5, 1)], light, createWorkspace());
  // The light moves the plate's shadow by −1 / √½ · (0.5, 0.5) = (−0.71, −0.71).
  expect(lightAt(map, -0.71, -0.71, 0.05)).toBeCloseTo(0, 5);
  expect(lightAt(map, 0.6, 0.6, 0.05)).toBeCloseTo(1, 5);
  const edge = Array.from({ length: 41 }, (_, i) => lightAt(map, -0.71, -0.41 + i * 0.01, 0.05));
  expect(edge.some((value) => value > 0.2 && value < 0.8)).toBe(true);
  edge.slice(1).forEach((value, i) => {
    expect(value).toBeGreaterThanOrEqual(edge[i] - 1e-6);
  });
});
