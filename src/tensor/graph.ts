import type { Node, Tensor } from './tensor.ts';

/** Every node that the tensors depend on, inputs before users; dead code is not among them. */
export function topologicalOrder(tensors: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const visited = new Set<Node>();
  // An explicit stack: a deep network with its gradient overflows a recursive walk.
  const stack: { node: Node; next: number }[] = [];
  const visit = (node: Node) => {
    if (visited.has(node)) return;
    visited.add(node);
    stack.push({ node, next: 0 });
  };
  for (const tensor of tensors) {
    visit(tensor.node);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) {
        visit(top.node.inputs[top.next++].node);
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}
