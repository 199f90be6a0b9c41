import { flattenTree, mapTree, type Tree } from '../base/tree.ts';
import { topologicalOrder } from './graph.ts';
import { fill } from './operators/constant.ts';
import { add } from './operators/elementwise.ts';
import { type Node, ShapeError, sizeOf, type Tensor } from './tensor.ts';

/**
 * The gradients of a scalar with respect to tensors it was computed from, by reverse-mode
 * differentiation of the traced graph (Griewank and Walther 2008, chapter 3). The result is traced
 * too, so that gradients of gradients work alike.
 *
 * @throws {ShapeError} where `of` has more than one element.
 */
export function gradients(of: Tensor, withRespectTo: readonly Tensor[]): Tensor[] {
  if (sizeOf(of.shape) !== 1) throw new ShapeError('gradients', [of], 'one element');
  const order = topologicalOrder([of]);
  const active = activeNodes(order, withRespectTo);
  const targets = new Set(withRespectTo);
  const cotangents = new Map<Tensor, Tensor>([[of, fill(1, of.shape)]]);
  for (const node of order.toReversed()) {
    const outputGradient = cotangents.get(node.outputs[0]);
    const rule = node.operator.gradient;
    if (!active.has(node) || outputGradient === undefined || rule === undefined) continue;
    const needs = (input: number) => {
      // Optional inputs, such as a bias, may be missing.
      const tensor = node.inputs.at(input);
      return tensor !== undefined && (targets.has(tensor) || active.has(tensor.node));
    };
    const { inputs, outputs, attributes } = node;
    const flowing = rule({ inputs, outputs, attributes, outputGradient, needs });
    for (const [i, gradient] of flowing.entries()) {
      if (gradient === undefined || !needs(i)) continue;
      const known = cotangents.get(inputs[i]);
      cotangents.set(inputs[i], known === undefined ? gradient : add(known, gradient));
    }
  }
  return withRespectTo.map((tensor) => cotangents.get(tensor) ?? fill(0, tensor.shape));
}

/** The nodes between the targets and the differentiated value. */
function activeNodes(order: readonly Node[], targets: readonly Tensor[]): Set<Node> {
  const wanted = new Set(targets);
  const active = new Set<Node>();
  for (const node of order) {
    if (node.inputs.some((input) => wanted.has(input) || active.has(input.node))) active.add(node);
  }
  return active;
}

export interface ValueAndGradient<P, Extra> {
  readonly value: Tensor;
  readonly gradient: P;
  readonly extra: Extra;
}

/**
 * The loss `f(parameters)` with its gradient, in the form of the parameters. `f` gives the loss, or
 * the loss with anything else worth keeping.
 */
export function valueAndGrad<P extends Tree<Tensor>, Extra>(
  f: (parameters: P) => readonly [loss: Tensor, extra: Extra],
): (parameters: P) => ValueAndGradient<P, Extra> {
  return (parameters) => {
    const leaves = flattenTree<Tensor>(parameters);
    const [value, extra] = f(parameters);
    const list = gradients(
      value,
      leaves.map(({ leaf }) => leaf),
    );
    let next = 0;
    const gradient = mapTree<Tensor, Tensor>(parameters, () => list[next++]) as P;
    return { value, gradient, extra };
  };
}

/** The gradient of the loss `f(parameters)`, in the form of the parameters. */
export function grad<P extends Tree<Tensor>>(f: (parameters: P) => Tensor): (parameters: P) => P {
  const both = valueAndGrad<P, undefined>((parameters) => [f(parameters), undefined]);
  return (parameters) => both(parameters).gradient;
}
