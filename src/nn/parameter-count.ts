import { flattenTree, type Tree } from '../base/tree.ts';
import { type Shape, sizeOf } from '../tensor/tensor.ts';

/** How many numbers a tree of parameters (on the host or traced) holds. */
export function parameterCount<Leaf extends { readonly shape: Shape }>(tree: Tree<Leaf>): number {
  return flattenTree<Leaf>(tree).reduce((count, { leaf }) => count + sizeOf(leaf.shape), 0);
}
