/** What decides how far a convolution or pool sees. */
export interface WindowLayer {
  readonly kernel: number;
  readonly stride: number;
}

/**
 * The side in pixels of the square that one output element depends on, for layers from the first to
 * the last: each adds `(kernel − 1)` times the product of the strides before it.
 */
export function receptiveField(layers: readonly WindowLayer[]): number {
  let field = 1;
  let pixelsPerStep = 1;
  for (const { kernel, stride } of layers) {
    field += (kernel - 1) * pixelsPerStep;
    pixelsPerStep *= stride;
  }
  return field;
}
