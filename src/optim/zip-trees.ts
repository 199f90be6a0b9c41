import { flattenTree, mapTree, type Tree } from '../base/tree.ts';

/** A tree with `f(a, b)` of the leaves at the same place in two trees of the same form. */
export function zipTrees<Leaf, Result>(
  a: Tree<Leaf>,
  b: Tree<Leaf>,
  f: (a: Leaf, b: Leaf) => Result,
): Tree<Result> {
  const others = new Map(flattenTree<Leaf>(b).map(({ name, leaf }) => [name, leaf]));
  const count = flattenTree<Leaf>(a).length;
  if (others.size !== count) {
    throw new Error(`Expected trees of the same form, got ${count} and ${others.size} leaves.`);
  }
  return mapTree<Leaf, Result>(a, (leaf, name) => {
    const other = others.get(name);
    if (other === undefined) {
      throw new Error(`Expected trees of the same form, got ${name} in one of them only.`);
    }
    return f(leaf, other);
  });
}
