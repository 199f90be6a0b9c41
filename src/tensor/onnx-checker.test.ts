import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { gradients } from './gradient.ts';
import { spec } from './host-tensor.ts';
import { stopGradient } from './operators/constant.ts';
import { conv2d, convTranspose2d } from './operators/convolution.ts';
import {
  abs,
  add,
  clamp,
  divide,
  equal,
  exp,
  greater,
  leakyRelu,
  less,
  log,
  multiply,
  negate,
  sigmoid,
  softplus,
  sqrt,
  square,
  subtract,
  tanh,
  toFloat,
  where,
} from './operators/elementwise.ts';
import { matmul } from './operators/matmul.ts';
import { batchNorm, instanceNorm } from './operators/normalization.ts';
import { pixelShuffle, pixelUnshuffle } from './operators/pixel-shuffle.ts';
import { averagePool2d, maxPool2d } from './operators/pooling.ts';
import { positions } from './operators/positions.ts';
import { max, mean, sum } from './operators/reduce.ts';
import { broadcastTo, transpose } from './operators/reshape.ts';
import { resizeBilinear, resizeNearest } from './operators/resize.ts';
import { concat, flip, pad, pad2d, slice } from './operators/slice.ts';
import { logSoftmax, softmax } from './operators/softmax.ts';
import type { Tensor } from './tensor.ts';

/** Every operator once, from an image `[1, 4, 8, 8]` and weights `[4, 4, 3, 3]`. */
function everyOperator(x: Tensor, w: Tensor): readonly Tensor[] {
  const positive = add(square(x), 0.5);
  return [
    subtract(exp(x), negate(log(positive))),
    divide(tanh(x), sqrt(positive)),
    multiply(sigmoid(x), softplus(x)),
    where(greater(x, 0.5), abs(x), leakyRelu(x)),
    add(clamp(x, -1, 1), add(toFloat(less(x, 0.3)), toFloat(equal(x, 0)))),
    multiply(mean(x, { axes: [1] }), max(x, { axes: [1] })),
    matmul(x, transpose(flip(x, [3]))),
    conv2d(x, w, { padding: 1, bias: sum(w, { axes: [1, 2, 3] }) }),
    conv2d(x, slice(w, 1, 0, 2), { stride: 2, groups: 2, padding: [0, 1, 1, 0] }),
    convTranspose2d(x, w, { stride: 2, padding: 1, outputPadding: 1 }),
    maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }),
    averagePool2d(x, { kernel: 3, stride: 2, padding: 1 }),
    add(resizeNearest(x, 2), resizeBilinear(x, 2)),
    concat([pad2d(x, 2, 'reflect'), pad(x, [0, 0, 2, 2], [0, 0, 2, 2])], 1),
    multiply(softmax(x, 1), logSoftmax(x, 3)),
    add(instanceNorm(x), batchNorm(stopGradient(x))),
    pixelUnshuffle(pixelShuffle(x, 2), 4),
    multiply(broadcastTo(x, [2, 4, 8, 8]), positions(x, 3)),
  ];
}

const script = `
import sys
try:
    import onnx
except ImportError:
    sys.exit(3)
onnx.checker.check_model(sys.argv[1], full_check=True)
print(len(onnx.load(sys.argv[1]).graph.node))
`;

it("passes ONNX's checker with every operator and its derivatives", (context) => {
  const compiled = compile(
    (x: Tensor, w: Tensor) => {
      const values = everyOperator(x, w);
      const loss = values.map((value) => sum(square(value))).reduce((a, b) => add(a, b));
      const first = gradients(loss, [x, w]);
      const penalty = first.map((g) => sum(square(g))).reduce((a, b) => add(a, b));
      return { values, first, second: gradients(penalty, [x, w]) };
    },
    [spec([1, 4, 8, 8]), spec([4, 4, 3, 3])],
    { metadata: { test: 'yes' } },
  );
  const folder = mkdtempSync(join(tmpdir(), 'lifelike-onnx-'));
  try {
    const file = join(folder, 'model.onnx');
    writeFileSync(file, compiled.model);
    const { status, stdout, stderr, error } = spawnWithFirstPython(file);
    if (error !== undefined || status === 3) {
      context.skip('no Python with the package onnx (Debian: python3-onnx) to check the model');
    }
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
    expect(Number(stdout.toString())).toBe(compiled.nodeCount);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The system's Python first: a virtual environment's seldom has Debian's packages. */
function spawnWithFirstPython(file: string) {
  const run = (python: string) => spawnSync(python, ['-c', script, file]);
  const system = run('/usr/bin/python3');
  return system.error === undefined && system.status !== 3 ? system : run('python3');
}
