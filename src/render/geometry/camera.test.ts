import { expect, test } from 'vitest';
import { portraitCamera, project } from './camera.ts';

const projectOne = (point: readonly number[], advance = 0) => {
  const camera = { distance: 10, focal: 100, centreX: 64, centreY: 60 };
  const out = { x: new Float32Array(1), y: new Float32Array(1), nearness: new Float32Array(1) };
  project(Float32Array.from(point), camera, { scale: 2, advance }, out);
  return [out.x[0], out.y[0], out.nearness[0]];
};

test('projects x to the right, y up and z toward the camera', () => {
  // w = 10 − 2 = 8: x = (64 + 100 · 1 / 8) · 2, y = (60 − 100 · 2 / 8) · 2.
  expect(projectOne([1, 2, 2])).toEqual([153, 70, 0.125]);
});

test('draws nothing that is at the camera or behind it', () => {
  expect(projectOne([0, 0, 9.5])[2]).toBe(0);
  expect(projectOne([0, 0, 12])[2]).toBe(0);
});

test('an advance counts in depth only', () => {
  const [x, y, nearness] = projectOne([1, 2, 2], 4);
  expect([x, y]).toEqual([153, 70]);
  expect(nearness).toBe(0.25);
});

test('a face has the wanted height at any distance', () => {
  for (const distance of [0.5, 3]) {
    const camera = portraitCamera({
      size: 200,
      distance,
      faceHeight: 0.4,
      shift: [0.1, -0.05],
      faceDecimetres: 1.6,
    });
    expect((camera.focal * 1.6) / camera.distance).toBeCloseTo(80);
    expect([camera.centreX, camera.centreY]).toEqual([120, 90]);
  }
});
