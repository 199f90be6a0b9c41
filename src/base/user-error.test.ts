import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from './user-error.ts';

describe('nearest', () => {
  const words = ['cpu', 'cuda', 'webgpu', '--out', '--count', 'history.capacity'];
  it.each([
    ['cdua', 'cuda'],
    ['--cout', '--count'],
    ['--otu', '--out'],
    ['WEBGPU', 'webgpu'],
    ['quantum', undefined],
    ['history.cap', 'history.capacity'],
    ['', undefined],
  ])('to %j is %j', (word, found) => {
    expect(nearest(word, words)).toBe(found);
  });

  it('has none among no candidates', () => {
    expect(suggestion('x', [])).toBe('');
    expect(suggestion('cdua', words)).toBe(' Did you mean "cuda"?');
  });
});
