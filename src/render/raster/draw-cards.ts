import type { Layer } from '../geometry/layer.ts';
import type { Workspace } from '../geometry/workspace.ts';
import { sampleTexture } from '../shading/texture-sampler.ts';
import type { Frame } from './frame.ts';

/** A layer of strips with cut-out strands, with the light that leaves each vertex. */
export interface CardLayer {
  readonly layer: Layer;
  /** `[vertices, 3]` linear RGB. */
  readonly light: Float32Array;
}

const buckets = 2048;
/** Opacity above which a strand hides what is drawn behind it later. */
const solid = 0.6;

/** Triangle numbers of all cards, farthest first: a counting sort by the nearness of the middle. */
function farthestFirst(cards: readonly CardLayer[], workspace: Workspace): Int32Array {
  const total = cards.reduce((sum, { layer }) => sum + layer.surface.triangles.length / 3, 0);
  const keys = workspace.floats('card keys', total);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let at = 0;
  for (const { layer } of cards) {
    const { triangles } = layer.surface;
    const { nearness } = layer.projected;
    for (let t = 0; t < triangles.length; t += 3) {
      const key = nearness[triangles[t]] + nearness[triangles[t + 1]] + nearness[triangles[t + 2]];
      keys[at] = key;
      // What is compared is what is kept: in 32 bits a key may be nearer or farther.
      const kept = keys[at++];
      if (kept < low) low = kept;
      if (kept > high) high = kept;
    }
  }
  const scale = (buckets - 1) / Math.max(1e-9, high - low);
  const bucketOf = (i: number) => ((keys[i] - low) * scale) | 0;
  const starts = workspace.integers('card buckets', buckets + 1).fill(0);
  for (let i = 0; i < total; i++) starts[bucketOf(i) + 1]++;
  for (let i = 0; i < buckets; i++) starts[i + 1] += starts[i];
  const order = workspace.integers('card order', total);
  for (let i = 0; i < total; i++) order[starts[bucketOf(i)]++] = i;
  return order;
}

/** Upstream's lashes are made up for close-ups; at full strength they close the eyes. */
const lashOpacity = 0.55;

/**
 * Draws strips back to front over the solid samples: depth-tested, blended by the opacity of the
 * strand texture. Strands that are nearly solid write depth.
 */
export function drawCards(frame: Frame, cards: readonly CardLayer[], workspace: Workspace): void {
  const order = farthestFirst(cards, workspace);
  const starts = cards.map((_, i) =>
    cards.slice(0, i).reduce((sum, { layer }) => sum + layer.surface.triangles.length / 3, 0),
  );
  const texel = new Float64Array(3);
  for (let i = 0; i < order.length; i++) {
    let which = cards.length - 1;
    while (which > 0 && starts[which] > order[i]) which--;
    drawCard(frame, cards[which], order[i] - starts[which], texel);
  }
}

function drawCard(frame: Frame, card: CardLayer, number: number, texel: Float64Array): void {
  const { layer, light } = card;
  const { width, height, nearness, triangle } = frame.grid;
  const { color } = frame;
  const isHair = layer.kind === 'hair';
  const cover = isHair ? frame.hairCover : layer.kind === 'eyebrows' ? frame.browCover : undefined;
  const { triangles, triangleUvs, uvs } = layer.surface;
  const { x: xs, y: ys, nearness: zs } = layer.projected;
  const trim = layer.item?.trim;
  const strength = layer.kind === 'eyelashes' ? lashOpacity : 1;
  const texture = layer.item!.texture!;
  const a = triangles[3 * number];
  const b = triangles[3 * number + 1];
  const c = triangles[3 * number + 2];
  const za = zs[a];
  const zb = zs[b];
  const zc = zs[c];
  if (za <= 0 || zb <= 0 || zc <= 0) return;
  if (trim !== undefined && trim[a] + trim[b] + trim[c] < 0.01) return;
  const ax = xs[a];
  const ay = ys[a];
  const bx = xs[b];
  const by = ys[b];
  const cx = xs[c];
  const cy = ys[c];
  const area = (cx - ax) * (by - ay) - (cy - ay) * (bx - ax);
  if (Math.abs(area) < 1e-6) return;
  const minX = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const maxX = Math.min(width - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const minY = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const maxY = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  if (minX > maxX || minY > maxY) return;
  const ua = 2 * triangleUvs[3 * number];
  const ub = 2 * triangleUvs[3 * number + 1];
  const uc = 2 * triangleUvs[3 * number + 2];
  const uvArea = Math.abs(
    (uvs[ub] - uvs[ua]) * (uvs[uc + 1] - uvs[ua + 1]) -
      (uvs[uc] - uvs[ua]) * (uvs[ub + 1] - uvs[ua + 1]),
  );
  // Whole levels: strands are too irregular for the steps between levels to show.
  const lod = Math.max(
    0,
    Math.round(Math.log2(texture.width) + 0.5 * Math.log2((uvArea + 1e-12) / Math.abs(area))),
  );
  const inverse = 1 / area;
  for (let y = minY; y <= maxY; y++) {
    const py = y + 0.5;
    for (let x = minX; x <= maxX; x++) {
      const px = x + 0.5;
      const ea = ((cy - by) * (px - bx) - (cx - bx) * (py - by)) * inverse;
      const eb = ((ay - cy) * (px - cx) - (ax - cx) * (py - cy)) * inverse;
      const ec = 1 - ea - eb;
      if (ea < 0 || eb < 0 || ec < 0) continue;
      const z = ea * za + eb * zb + ec * zc;
      const at = y * width + x;
      if (z <= nearness[at]) continue;
      const scale = 1 / z;
      const wa = ea * za * scale;
      const wb = eb * zb * scale;
      const wc = ec * zc * scale;
      const u = wa * uvs[ua] + wb * uvs[ub] + wc * uvs[uc];
      const v = wa * uvs[ua + 1] + wb * uvs[ub + 1] + wc * uvs[uc + 1];
      sampleTexture(texture, u, v, lod, texel);
      let opacity = texel[1] * (1 / 255);
      if (trim !== undefined) {
        // Interpolated trimming is steepened to a cut of about a pixel, or hair would fade like
        // mist.
        const cut = (wa * trim[a] + wb * trim[b] + wc * trim[c] - 0.5) * 7 + 0.5;
        if (cut <= 0) continue;
        if (cut < 1) opacity *= cut;
      }
      opacity = (opacity * 1.25 - 0.06) * strength;
      if (opacity <= 0.02) continue;
      if (opacity > 1) opacity = 1;
      const root = texel[0] * (1 / 128);
      const brightness = (0.45 + 0.55 * root * root) * opacity;
      const keep = 1 - opacity;
      for (let k = 0; k < 3; k++) {
        const out = wa * light[3 * a + k] + wb * light[3 * b + k] + wc * light[3 * c + k];
        color[3 * at + k] = color[3 * at + k] * keep + out * brightness;
      }
      if (cover !== undefined) cover[at] = 1 - (1 - cover[at]) * keep;
      if (isHair && opacity > solid) {
        nearness[at] = z;
        triangle[at] = layer.firstTriangle + number;
      }
    }
  }
}
