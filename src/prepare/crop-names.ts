import { extname } from 'node:path';

function withoutExtension(name: string): string {
  return name.slice(0, name.length - extname(name).length);
}

/**
 * Names for the crops of photographs: `a/b.jpg` gives `a/b-1.png`, `a/b-2.png`, …; where two
 * photographs differ in their extension only, it stays part of the name.
 */
export function cropNames(
  photographs: readonly string[],
): (photograph: string, face: number) => string {
  const counts = new Map<string, number>();
  for (const name of photographs) {
    const stem = withoutExtension(name);
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return (photograph, face) => {
    const stem = withoutExtension(photograph);
    const unique = counts.get(stem) === 1 ? stem : photograph;
    return `${unique}-${face + 1}.png`;
  };
}
