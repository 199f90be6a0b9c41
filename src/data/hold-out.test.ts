import { expect, test } from 'vitest';
import { holdOut } from './hold-out.ts';

const namesTo = (count: number) =>
  Array.from({ length: count }, (_, i) => `${String(i).padStart(6, '0')}.png`);

test('about the share is held out, and every name is on one side', () => {
  const { training, heldOut } = holdOut(namesTo(2000), 0.1);
  // 200 expected, standard deviation 13.
  expect(Math.abs(heldOut.length - 200)).toBeLessThan(55);
  expect([...training, ...heldOut].sort()).toEqual(namesTo(2000));
  expect(training).toEqual(training.toSorted());
});

test('more images move none of those that were there', () => {
  const [few, many] = [holdOut(namesTo(500), 0.2), holdOut(namesTo(800), 0.2)];
  const old = new Set(namesTo(500));
  expect(many.training.filter((name) => old.has(name))).toEqual(few.training);
  expect(many.heldOut.filter((name) => old.has(name))).toEqual(few.heldOut);
});

test('all images of a person are on one side, that of the first', () => {
  const names = namesTo(400);
  const identities = new Map(names.map((name, i) => [name, Math.floor(i / 4)]));
  const { training, heldOut } = holdOut(names, 0.2, identities);
  const people = (some: readonly string[]) => new Set(some.map((name) => identities.get(name)));
  const seen = people(training);
  expect([...people(heldOut)].filter((person) => seen.has(person))).toEqual([]);
  expect(heldOut.length).toBeGreaterThan(40);
  const firsts = names.filter((_, i) => i % 4 === 0);
  const alone = holdOut(firsts, 0.2).heldOut;
  expect(heldOut.filter((name) => firsts.includes(name))).toEqual(alone);
  // A few of them show many people, not all images of two.
  expect(people(heldOut.slice(0, 8)).size).toBeGreaterThan(4);
});

test('people of whom there is one image are split as if nobody knew them', () => {
  const names = namesTo(50);
  const identities = new Map(names.map((name, i) => [name, `person ${i}`]));
  expect(holdOut(names, 0.2, identities)).toEqual(holdOut(names, 0.2));
});

test('no share holds out nothing, and the split is that of every other version', () => {
  expect(holdOut(namesTo(10), 0).heldOut).toEqual([]);
  expect(holdOut(namesTo(20), 0.2).heldOut).toEqual([13, 1, 16, 9, 5].map((i) => namesTo(20)[i]));
});
