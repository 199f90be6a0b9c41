import { topologicalOrder } from '../graph.ts';
import { type Attributes, applyAll, type Node, type Operator, type Tensor } from '../tensor.ts';

/**
 * What a node becomes, given its rewritten inputs: the tensors that take the place of its outputs,
 * or undefined where the rule does not apply.
 */
export type Rule = (node: Node, inputs: readonly Tensor[]) => readonly Tensor[] | undefined;

/**
 * The same values computed by a smaller graph: inputs before users, the first rule that applies
 * replaces a node, and nodes that compute the same from the same inputs become one (common
 * subexpression elimination). What nothing depends on any more is dropped.
 */
export function rewrite(outputs: readonly Tensor[], rules: readonly Rule[]): Tensor[] {
  const replaced = new Map<Tensor, Tensor>();
  const known = new Map<string, readonly Tensor[]>();
  const identities = createIdentities();
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    const results = firstMatch(rules, node, inputs) ?? unify(node, inputs, known, identities);
    for (const [i, output] of node.outputs.entries()) replaced.set(output, results[i]);
  }
  return outputs.map((output) => replaced.get(output)!);
}

function firstMatch(rules: readonly Rule[], node: Node, inputs: readonly Tensor[]) {
  for (const rule of rules) {
    const results = rule(node, inputs);
    if (results !== undefined) return results;
  }
  return undefined;
}

function unify(
  node: Node,
  inputs: readonly Tensor[],
  known: Map<string, readonly Tensor[]>,
  identityOf: (value: object) => number,
): readonly Tensor[] {
  const key = [
    identityOf(node.operator),
    ...inputs.map((input) => `${input.node.id}.${input.index}`),
    attributesKey(node.attributes, identityOf),
  ].join();
  const twin = known.get(key);
  if (twin !== undefined) return twin;
  const same = inputs.every((input, i) => input === node.inputs[i]);
  const outputs = same ? node.outputs : applyAll(node.operator, inputs, node.attributes);
  known.set(key, outputs);
  return outputs;
}

/** Numbers for objects, in the order in which they are met. */
function createIdentities(): (value: object) => number {
  const numbers = new WeakMap<object, number>();
  let next = 0;
  return (value) => {
    const number = numbers.get(value) ?? next++;
    numbers.set(value, number);
    return number;
  };
}

const largestKey = 64;

function attributesKey(attributes: Attributes, identityOf: (value: object) => number): string {
  return Object.entries(attributes)
    .map(([name, value]) => {
      if (!(value instanceof Float32Array)) return `${name}=${JSON.stringify(value)}`;
      // Long constants are equal only to themselves; comparing them would cost more than it saves.
      return value.length > largestKey ? `${name}@${identityOf(value)}` : `${name}=${bits(value)}`;
    })
    .join(';');
}

/** The exact bits, so that 0 and −0 stay apart. */
function bits(values: Float32Array): string {
  return new Uint32Array(values.slice().buffer).join('_');
}

/** Whether a node applies an operator. */
export function isNode<A extends Attributes>(
  node: Node,
  operator: Operator<A>,
): node is Node & { readonly attributes: A } {
  return node.operator === (operator as unknown as Operator);
}
