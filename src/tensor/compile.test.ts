import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../runtime/program.ts';
import { createSession } from '../runtime/session.ts';
import { evaluate, host } from '../testing/evaluate.ts';
import { compile } from './compile.ts';
import { gradients } from './gradient.ts';
import { type HostTensor, spec } from './host-tensor.ts';
import { constant } from './operators/constant.ts';
import { conv2d } from './operators/convolution.ts';
import { add, exp, multiply, relu, square } from './operators/elementwise.ts';
import { maxPool2d } from './operators/pooling.ts';
import { sum } from './operators/reduce.ts';
import { pad2d } from './operators/slice.ts';
import { ShapeError, type Tensor } from './tensor.ts';

describe('outputs', () => {
  it('may be inputs, constants and each other', async () => {
    const fn = ([x, y]: readonly Tensor[]) => {
      const z = exp(x);
      const two = constant([2]);
      return { x, again: x, y, z, twin: exp(x), two, alsoTwo: two, used: add(z, y) };
    };
    const result = await evaluate(fn, [host([0, 1]), host([5, 6])]);
    const values = Object.entries(result as Record<string, HostTensor>).map(([name, { data }]) => [
      name,
      ...data,
    ]);
    const e = Math.fround(Math.E);
    expect(values).toEqual([
      ['x', 0, 1],
      ['again', 0, 1],
      ['y', 5, 6],
      ['z', 1, expect.closeTo(e, 5)],
      ['twin', 1, expect.closeTo(e, 5)],
      ['two', 2],
      ['alsoTwo', 2],
      ['used', 6, expect.closeTo(e + 6, 5)],
    ]);
  });

  it('and inputs keep the form of their trees', async () => {
    const compiled = compile(
      ({ layer }: { layer: { w: Tensor; b: Tensor } }, x: Tensor) => ({
        y: [add(multiply(x, layer.w), layer.b)],
      }),
      [{ layer: { w: spec([2]), b: spec([]) } }, spec([2])],
      { inputNames: ['parameters', 'x'], outputName: 'out' },
    );
    expect(compiled.inputs).toEqual([
      { name: 'parameters.layer.w', shape: [2] },
      { name: 'parameters.layer.b', shape: [] },
      { name: 'x', shape: [2] },
    ]);
    expect(compiled.outputs).toEqual([{ name: 'out.y.0', shape: [2] }]);
    const program = await loadProgram(compiled, { threads: 1 });
    const parameters = { layer: { w: host([2, 3]), b: host([1], []) } };
    expect(await program.run(parameters, host([10, 20]))).toEqual({ y: [host([21, 61])] });
    await program.dispose();
  });

  it('do not need every input', async () => {
    expect(await evaluate(([, y]) => exp(y), [host([1]), host([0])])).toEqual(host([1]));
  });
});

describe('the model', () => {
  const step = (x: Tensor, w: Tensor) => {
    const loss = sum(square(maxPool2d(relu(conv2d(x, w, { padding: 1 })), { kernel: 2 })));
    return { loss, gradients: gradients(loss, [x, w]) };
  };
  const specs = [spec([2, 3, 4, 4]), spec([2, 3, 3, 3])] as const;

  it('of equal traces has equal bytes', () => {
    const first = compile(step, specs);
    exp(constant([1])); // Tracing something else between them changes nothing.
    const second = compile(step, specs);
    expect(Buffer.from(first.model).equals(Buffer.from(second.model))).toBe(true);
  });

  it('says how many nodes it has', () => {
    const { model, nodeCount } = compile(step, specs);
    expect(onnxProto.onnx.ModelProto.decode(model).graph?.node).toHaveLength(nodeCount);
  });

  it('carries metadata', () => {
    const { model } = compile(exp, [spec([1])], { metadata: { preset: 'simgan-eyes' } });
    const [{ key, value }] = onnxProto.onnx.ModelProto.decode(model).metadataProps;
    expect([key, value]).toEqual(['preset', 'simgan-eyes']);
  });

  it('runs for other sizes where they are symbolic', async () => {
    const network = (x: Tensor) =>
      relu(conv2d(pad2d(x, 1, 'reflect'), constant([1], [1, 1, 1, 1])));
    const { model } = compile(network, [spec([1, 1, 4, 4])], {
      inputNames: ['image'],
      outputName: 'refined',
      symbolicShapes: {
        image: ['batch', 1, 'height', 'width'],
        refined: ['batch', 1, 'height_out', 'width_out'],
      },
    });
    const session = await createSession(model, { threads: 1 });
    const { refined } = await session.run({
      image: { shape: [2, 1, 2, 3], data: Float32Array.from({ length: 12 }, (_, i) => i - 6) },
    });
    await session.dispose();
    expect(refined.shape).toEqual([2, 1, 4, 5]);
    expect([...refined.data.slice(20, 25)]).toEqual([4, 3, 4, 5, 4]);
  });
});

it('passes shape mistakes on while tracing', () => {
  const attempt = () => compile((x: Tensor) => add(x, constant([1, 2])), [spec([3])]);
  expect(attempt).toThrow(ShapeError);
  expect(attempt).toThrow('add: Expected shapes that broadcast, got [3] and [2].');
});
