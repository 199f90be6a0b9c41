import type { Light } from '../scene/scene.ts';

/** Sets `out` to the irradiance (over π) of the surroundings at a normal, linear RGB. */
export type Surroundings = (nx: number, ny: number, nz: number, out: Float64Array) => void;

/**
 * Irradiance of the surroundings: a hemisphere of sky and ground plus broad lobes `((1 + n·d)/2)²`,
 * low-order functions of the normal as in spherical-harmonics lighting (Ramamoorthi and Hanrahan
 * 2001), and never negative.
 */
export function surroundings(light: Light): Surroundings {
  const [sr, sg, sb] = light.sky;
  const [gr, gg, gb] = light.ground;
  const [left, right] = light.lobes;
  const [lx, ly, lz] = left.direction;
  const [rx, ry, rz] = right.direction;
  const [lr, lg, lb] = left.color;
  const [rr, rg, rb] = right.color;
  return (nx, ny, nz, out) => {
    const up = 0.5 + 0.5 * ny;
    const facingLeft = 0.5 + 0.5 * (nx * lx + ny * ly + nz * lz);
    const facingRight = 0.5 + 0.5 * (nx * rx + ny * ry + nz * rz);
    const l = facingLeft * facingLeft;
    const r = facingRight * facingRight;
    out[0] = gr + (sr - gr) * up + lr * l + rr * r;
    out[1] = gg + (sg - gg) * up + lg * l + rg * r;
    out[2] = gb + (sb - gb) * up + lb * l + rb * r;
  };
}
