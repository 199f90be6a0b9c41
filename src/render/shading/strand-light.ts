import type { Layer } from '../geometry/layer.ts';
import type { Point } from '../geometry/pose.ts';
import type { Workspace } from '../geometry/workspace.ts';
import { lightAt, type ShadowMap } from '../raster/shadow-map.ts';
import type { Color, Light } from '../scene/scene.ts';
import { surroundings } from './lighting.ts';

/** Strand directions: where the texture's v runs, summed over the triangles around a vertex. */
function strandDirections(layer: Layer, out: Float32Array): void {
  const { triangles, triangleUvs, uvs } = layer.surface;
  const p = layer.positions;
  out.fill(0);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = 3 * triangles[t];
    const b = 3 * triangles[t + 1];
    const c = 3 * triangles[t + 2];
    const ua = 2 * triangleUvs[t];
    const ub = 2 * triangleUvs[t + 1];
    const uc = 2 * triangleUvs[t + 2];
    const du1 = uvs[ub] - uvs[ua];
    const du2 = uvs[uc] - uvs[ua];
    const area = du1 * (uvs[uc + 1] - uvs[ua + 1]) - du2 * (uvs[ub + 1] - uvs[ua + 1]);
    const sign = area < 0 ? -1 : 1;
    for (let k = 0; k < 3; k++) {
      const along = sign * (du1 * (p[c + k] - p[a + k]) - du2 * (p[b + k] - p[a + k]));
      out[a + k] += along;
      out[b + k] += along;
      out[c + k] += along;
    }
  }
}

export interface StrandLightOptions {
  readonly color: Color;
  readonly light: Light;
  readonly shadow: ShadowMap;
  readonly headCentre: Point;
  readonly cameraDistance: number;
  readonly workspace: Workspace;
}

/**
 * Light that leaves strands toward the camera, one linear RGB a vertex: diffuse on a normal bent
 * outward from the head, plus the highlight of a thin cylinder, `sin^p(angle of strand and half
 * vector)` (Kajiya and Kay 1989).
 */
export function strandLight(layer: Layer, options: StrandLightOptions): Float32Array {
  const { light, shadow, headCentre, cameraDistance, workspace, color } = options;
  const { positions, normals } = layer;
  const count = positions.length / 3;
  const strands = workspace.floats(`${layer.kind} strands`, count * 3);
  strandDirections(layer, strands);
  const out = workspace.floats(`${layer.kind} light`, count * 3);
  const around = surroundings(light);
  const ambient = new Float64Array(3);
  const [lx, ly, lz] = light.keyDirection;
  const bending = layer.kind === 'hair' ? 0.65 : 0.2;
  const gloss = layer.kind === 'hair' ? 1 : 0.15;
  for (let i = 0; i < count; i++) {
    const at = 3 * i;
    const x = positions[at];
    const y = positions[at + 1];
    const z = positions[at + 2];
    let ox = x - headCentre[0];
    let oy = y - headCentre[1];
    let oz = z - headCentre[2];
    const outward = 1 / Math.sqrt(ox * ox + oy * oy + oz * oz + 1e-6);
    ox *= outward;
    oy *= outward;
    oz *= outward;
    const side = normals[at] * ox + normals[at + 1] * oy + normals[at + 2] * oz < 0 ? -1 : 1;
    let nx = ox * bending + side * normals[at] * (1 - bending);
    let ny = oy * bending + side * normals[at + 1] * (1 - bending);
    let nz = oz * bending + side * normals[at + 2] * (1 - bending);
    const unit = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-6);
    nx *= unit;
    ny *= unit;
    nz *= unit;
    const toLight = nx * lx + ny * ly + nz * lz;
    const lit = lightAt(shadow, x + 0.09 * ox, y + 0.09 * oy, z + 0.09 * oz);
    around(nx, ny, nz, ambient);
    let vx = -x;
    let vy = -y;
    let vz = cameraDistance - z;
    const view = 1 / Math.sqrt(vx * vx + vy * vy + vz * vz);
    vx *= view;
    vy *= view;
    vz *= view;
    const hx = lx + vx;
    const hy = ly + vy;
    const hz = lz + vz;
    const sx = strands[at];
    const sy = strands[at + 1];
    const sz = strands[at + 2];
    const squared = (sx * sx + sy * sy + sz * sz) * (hx * hx + hy * hy + hz * hz) + 1e-12;
    const along = sx * hx + sy * hy + sz * hz;
    const sine = Math.max(0, 1 - (along * along) / squared);
    const direct = Math.max(0, (toLight + 0.25) / 1.25) * lit;
    const highlight = toLight > -0.2 ? gloss * direct * 0.035 * sine ** 24 : 0;
    for (let k = 0; k < 3; k++) {
      const key = light.keyColor[k];
      out[at + k] =
        color[k] * (direct * key + 0.75 * ambient[k]) +
        (0.75 + 0.25 * Math.sqrt(color[k])) * (highlight * key + gloss * 0.006 * ambient[k]);
    }
  }
  return out;
}
