import onnxProto from 'onnx-proto';
import { beforeAll, describe, expect, it } from 'vitest';
import { channelBlock } from '../../runtime/channel-block.ts';
import { loadProgram } from '../../runtime/program.ts';
import { expectClose } from '../../testing/operator-cases.ts';
import { mapHost, pattern } from '../../testing/pattern.ts';
import { compile } from '../compile.ts';
import { gradients } from '../gradient.ts';
import { type HostTensor, spec } from '../host-tensor.ts';
import { type Conv2dOptions, conv2d } from '../operators/convolution.ts';
import { add, leakyRelu, multiply, relu, square, tanh } from '../operators/elementwise.ts';
import { sum } from '../operators/reduce.ts';
import type { Shape, Tensor } from '../tensor.ts';

type Network = (inputs: readonly Tensor[]) => Tensor;

let size: number | undefined;
beforeAll(async () => {
  size = await channelBlock();
});

/** The network's result, its gradients and the gradients of their squares. */
function derivatives(network: Network) {
  return (inputs: readonly Tensor[]) => {
    const result = network(inputs);
    const first = gradients(sum(multiply(square(result), 0.1)), inputs);
    const penalty = first.map((g) => sum(square(g))).reduce((a, b) => add(a, b));
    return [result, ...first, ...gradients(penalty, inputs)];
  };
}

async function run(network: Network, inputs: readonly HostTensor[], block: number | undefined) {
  const specs = inputs.map(({ shape }) => spec(shape));
  const compiled = compile(derivatives(network), [specs], { channelBlock: block });
  const program = await loadProgram(compiled, { threads: 1 });
  const results = (await program.run(inputs)) as readonly HostTensor[];
  await program.dispose();
  const nodes = onnxProto.onnx.ModelProto.decode(compiled.model).graph?.node ?? [];
  const blocked = nodes.filter(({ domain }) => domain === 'com.microsoft.nchwc');
  return { results, blocked: blocked.map(({ opType }) => opType) };
}

const single =
  (options: Conv2dOptions = {}): Network =>
  ([x, w, bias]) =>
    conv2d(x, w, bias === undefined ? options : { ...options, bias });

interface Case {
  readonly shapes: readonly Shape[];
  readonly network: Network;
}

const cases: Readonly<Record<string, Case>> = {
  'one convolution': {
    shapes: [
      [2, 16, 6, 16],
      [32, 16, 3, 3],
    ],
    network: single({ padding: 1 }),
  },
  'three channels and a bias': {
    shapes: [[2, 3, 5, 16], [16, 3, 3, 3], [16]],
    network: single({ padding: 1 }),
  },
  'no padding, columns that fill no block': {
    shapes: [
      [2, 16, 5, 7],
      [16, 16, 3, 3],
    ],
    network: single(),
  },
  'asymmetric padding': {
    shapes: [
      [1, 16, 5, 14],
      [16, 16, 2, 3],
    ],
    network: single({ padding: [1, 2, 0, 2] }),
  },
  'stride 2': {
    shapes: [
      [1, 16, 8, 32],
      [16, 16, 3, 3],
    ],
    network: single({ stride: 2, padding: 1 }),
  },
  'dilation 2': {
    shapes: [
      [1, 16, 8, 20],
      [16, 16, 3, 3],
    ],
    network: single({ dilation: 2 }),
  },
  'one filter a channel between convolutions, stride 1 and 2': {
    shapes: [
      [2, 16, 8, 8],
      [32, 16, 1, 1],
      [32, 1, 3, 3],
      [32, 1, 3, 3],
      [16, 32, 1, 1],
    ],
    network: ([x, expand, narrow, halve, project]) => {
      const wide = relu(conv2d(x, expand));
      const same = relu(conv2d(wide, narrow, { padding: 1, groups: 32 }));
      return conv2d(conv2d(same, halve, { stride: 2, padding: [0, 0, 1, 1], groups: 32 }), project);
    },
  },
  'few filters, unequal padding': {
    shapes: [
      [2, 16, 6, 9],
      [2, 16, 3, 2],
    ],
    network: single({ padding: [0, 1, 2, 0] }),
  },
  '1×1': {
    shapes: [
      [2, 32, 4, 16],
      [16, 32, 1, 1],
    ],
    network: single(),
  },
  'a residual block': {
    shapes: [[2, 16, 4, 16], [16, 16, 3, 3], [16, 16, 3, 3], [16]],
    network: ([x, w, v, bias]) => {
      const inner = relu(conv2d(x, w, { padding: 1, bias }));
      return relu(add(x, conv2d(inner, v, { padding: 1 })));
    },
  },
  'a convolution that two activations use': {
    shapes: [
      [1, 16, 4, 16],
      [16, 16, 3, 3],
    ],
    network: ([x, w]) => {
      const y = conv2d(x, w, { padding: 1 });
      return add(relu(y), multiply(leakyRelu(y), tanh(multiply(y, 0.1))));
    },
  },
  'a convolution scaled by another of one pixel': {
    shapes: [
      [2, 16, 4, 4],
      [16, 16, 3, 3],
      [16, 16, 4, 4],
    ],
    network: ([x, w, v]) => multiply(conv2d(x, w, { padding: 1 }), tanh(conv2d(x, v))),
  },
  'from few channels to one': {
    shapes: [
      [2, 1, 4, 16],
      [16, 1, 3, 3],
      [1, 16, 1, 1],
    ],
    network: ([x, w, v]) => tanh(conv2d(leakyRelu(conv2d(x, w, { padding: 1 })), v)),
  },
};

describe('blocked channels', () => {
  it.each(Object.entries(cases))('compute the same: %s', async (_, { shapes, network }) => {
    // Small values, so that the activations are not saturated.
    const inputs = shapes.map((shape, i) => mapHost(pattern(shape, i), (value) => value * 0.2));
    const plain = await run(network, inputs, undefined);
    expect(plain.blocked).toEqual([]);
    const blocked = await run(network, inputs, size);
    if (size !== undefined) expect(blocked.blocked).toContain('Conv');
    for (const [i, expected] of plain.results.entries()) {
      expectClose(blocked.results[i], expected, 1e-4);
    }
  });

  it('are not used where channels do not fill blocks, or are in groups', async () => {
    const odd = [pattern([1, 10, 4, 4], 1), pattern([16, 10, 3, 3], 2)];
    expect((await run(single(), odd, 16)).blocked).toEqual([]);
    const grouped = [pattern([1, 32, 4, 4], 1), pattern([32, 16, 3, 3], 2)];
    expect((await run(single({ groups: 2 }), grouped, 16)).blocked).toEqual([]);
  });

  const twoConvolutions = [spec([1, 16, 4, 4]), spec([16, 16, 3, 3]), spec([16, 16, 3, 3])];

  /**
   * The blocked operators of a compiled network, by default of two convolutions with 16 channels.
   */
  const blockedNodes = (network: Network, specs = twoConvolutions) => {
    const { model } = compile(network, [specs], { channelBlock: 16 });
    const nodes = onnxProto.onnx.ModelProto.decode(model).graph?.node ?? [];
    return nodes.flatMap(({ domain, opType }) => (domain !== '' && opType ? [opType] : [])).sort();
  };

  it('go through elementwise operators without reordering', () => {
    const network: Network = ([x, w, v]) =>
      conv2d(multiply(leakyRelu(conv2d(x, w, { padding: 1 })), 2), v, { padding: 1 });
    expect(blockedNodes(network)).toEqual(['Conv', 'Conv', 'ReorderInput', 'ReorderOutput']);
  });

  it('go through a convolution of one filter a channel, but do not begin with one', () => {
    const specs = [spec([1, 16, 4, 4]), spec([16, 16, 1, 1]), spec([16, 1, 3, 3])];
    const narrow = (x: Tensor, w: Tensor) => conv2d(x, w, { padding: 1, groups: 16 });
    const through: Network = ([x, w, n]) => conv2d(narrow(conv2d(x, w), n), w);
    expect(blockedNodes(through, specs)).toEqual([
      ...['Conv', 'Conv', 'Conv'],
      ...['ReorderInput', 'ReorderOutput'],
    ]);
    expect(blockedNodes(([x, , n]) => narrow(x, n), specs)).toEqual([]);
  });

  it('compute a convolution once that ReLU and something else use', () => {
    const network: Network = ([x, w]) => {
      const y = conv2d(x, w, { padding: 1 });
      return multiply(relu(y), tanh(y));
    };
    expect(blockedNodes(network)).toEqual(['Conv', 'ReorderInput', 'ReorderOutput']);
  });
});
