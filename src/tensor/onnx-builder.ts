import onnxProto from 'onnx-proto';
import type { DType, Shape } from './tensor.ts';

const { onnx } = onnxProto;
const elementType = { float32: 1, int64: 7, bool: 9 } as const;
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };
export type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** Name and shape of an input or output of a model; a string is a symbolic size. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

export interface OnnxModelOptions {
  readonly opset: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Collects nodes and initializers of an ONNX graph. Names follow from the order of calls alone. */
export class OnnxBuilder {
  private readonly nodes: InstanceType<typeof onnx.NodeProto>[] = [];
  private readonly initializers: InstanceType<typeof onnx.TensorProto>[] = [];
  private readonly integers = new Map<string, string>();
  private readonly domains = new Set<string>(['']);
  private readonly outputs = new Set<string>();
  private readonly renamed = new Map<string, string>();
  private count = 0;

  get nodeCount(): number {
    return this.nodes.length;
  }

  /** Adds a node; returns the names of its outputs. A whole number is an INT attribute. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes: OnnxAttributes = {},
    { outputs = 1, domain = '' }: { readonly outputs?: number; readonly domain?: string } = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `v${this.count++}`);
    this.domains.add(domain);
    this.nodes.push(
      onnx.NodeProto.create({
        opType,
        domain,
        input: [...inputs],
        output: names,
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return names;
  }

  /**
   * Makes a value an output of the model under a name. The node that computes it is renamed; an
   * input, an initializer or a value that is an output already is copied.
   */
  output(value: string, name: string): void {
    const producer = this.nodes.find((node) => node.output.includes(value));
    if (producer === undefined || this.outputs.has(value)) {
      this.outputs.add(name);
      const copied = this.outputs.has(value) ? (this.renamed.get(value) ?? value) : value;
      this.nodes.push(
        onnx.NodeProto.create({ opType: 'Identity', input: [copied], output: [name] }),
      );
      return;
    }
    for (const node of this.nodes) {
      node.output = node.output.map((output) => (output === value ? name : output));
      node.input = node.input.map((input) => (input === value ? name : input));
    }
    this.outputs.add(value);
    this.renamed.set(value, name);
  }

  /** A float32 initializer. */
  constant(data: Float32Array, shape: Shape): string {
    const name = `c${this.count++}`;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    this.initializers.push(
      onnx.TensorProto.create({
        name,
        dims: [...shape],
        dataType: elementType.float32,
        rawData: bytes,
      }),
    );
    return name;
  }

  /** A one-dimensional int64 initializer; equal ones are shared. */
  integerVector(values: readonly number[]): string {
    const key = values.join();
    const known = this.integers.get(key);
    if (known !== undefined) return known;
    const name = `i${this.count++}`;
    const bytes = new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
    this.initializers.push(
      onnx.TensorProto.create({
        name,
        dims: [values.length],
        dataType: elementType.int64,
        rawData: bytes,
      }),
    );
    this.integers.set(key, name);
    return name;
  }

  /** The serialized model (IR version 8). Equal graphs give equal bytes. */
  finish(
    inputs: readonly OnnxValue[],
    outputs: readonly OnnxValue[],
    { opset, metadata = {} }: OnnxModelOptions,
  ): Uint8Array {
    const model = onnx.ModelProto.create({
      irVersion: 8,
      producerName: 'lifelike-faces',
      opsetImport: [...this.domains].sort().map((domain) => ({
        domain,
        version: domain === '' ? opset : 1,
      })),
      graph: {
        name: 'graph',
        node: this.nodes,
        initializer: this.initializers,
        input: inputs.map(valueInfo),
        output: outputs.map(valueInfo),
      },
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    });
    return onnx.ModelProto.encode(model).finish();
  }
}

function attribute(name: string, value: OnnxAttribute) {
  const { FLOAT, INT, INTS, STRING } = onnx.AttributeProto.AttributeType;
  if (typeof value === 'number') return { name, type: INT, i: value };
  if (typeof value === 'string') return { name, type: STRING, s: new TextEncoder().encode(value) };
  if ('float' in value) return { name, type: FLOAT, f: value.float };
  return { name, type: INTS, ints: [...value] };
}

function valueInfo({ name, shape, dtype }: OnnxValue) {
  const dim = shape.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType: elementType[dtype], shape: { dim } } } };
}
