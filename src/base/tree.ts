/** Nested records and lists with leaves of one kind: parameters, states, batches. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> };

/** A leaf with its dotted path, such as `blocks.0.weight`. */
export interface NamedLeaf<Leaf> {
  readonly name: string;
  readonly leaf: Leaf;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

/** All leaves in the order of their keys. Whatever is no plain record or list is a leaf. */
export function flattenTree<Leaf>(tree: Tree<Leaf>, prefix = ''): NamedLeaf<Leaf>[] {
  if (!Array.isArray(tree) && !isRecord(tree)) return [{ name: prefix, leaf: tree as Leaf }];
  return Object.entries(tree).flatMap(([key, child]) =>
    flattenTree<Leaf>(child as Tree<Leaf>, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** The same tree with every leaf replaced by `f(leaf, path)`. */
export function mapTree<From, To>(
  tree: Tree<From>,
  f: (leaf: From, name: string) => To,
  prefix = '',
): Tree<To> {
  const path = (key: string) => (prefix === '' ? key : `${prefix}.${key}`);
  if (Array.isArray(tree)) {
    return tree.map((child, i) => mapTree<From, To>(child, f, path(String(i))));
  }
  if (!isRecord(tree)) return f(tree as From, prefix);
  return Object.fromEntries(
    Object.entries(tree).map(([key, child]) => [
      key,
      mapTree<From, To>(child as Tree<From>, f, path(key)),
    ]),
  );
}
