const smoothstep = (from: number, to: number, x: number) => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};

/** Upper edge of a beard on the resting head: from the sideburns (z 0.5) to the mouth (z 1.2). */
function cheekLine(z: number): number {
  if (z < 0.9) return 7.12 - 0.34 * smoothstep(0.45, 0.9, z);
  return 6.78 - 0.06 * smoothstep(0.9, 1.2, z);
}

/**
 * How thick a beard grows at each vertex of the resting head, 0 … 1: jaw, chin and moustache, but
 * neither lips nor nose.
 */
export function stubbleGrowth(
  rest: Float32Array,
  scores: { readonly lips: Float32Array; readonly nose: Float32Array },
): Float32Array {
  return Float32Array.from({ length: rest.length / 3 }, (_, i) => {
    if (scores.lips[i] >= 0 || scores.nose[i] >= 0) return 0;
    const [x, y, z] = rest.subarray(3 * i, 3 * i + 3);
    const line = cheekLine(z);
    const jaw = 1 - smoothstep(line - 0.09, line + 0.07, y);
    const throat = smoothstep(5.9, 6.15, y) * smoothstep(0.25, 0.5, z);
    const moustache =
      (1 - smoothstep(0.2, 0.3, Math.abs(x))) *
      (1 - smoothstep(6.86, 6.92, y)) *
      (z > 1.25 ? 1 : 0);
    return Math.max(jaw, moustache) * throat;
  });
}
