import { describe, expect, it } from 'vitest';
import { parseRequest } from './request.ts';
import { runName } from './row.ts';

const runsOf = (...words: string[]) => parseRequest(words).runs.map(runName);

describe('parseRequest', () => {
  it('plans the runs of a row, or the wanted seeds and channels', () => {
    expect(runsOf('base')).toEqual(['base-3-1', 'base-3-2', 'base-1-1']);
    expect(runsOf('base', '--channels', '3')).toEqual(['base-3-1', 'base-3-2']);
    expect(runsOf('base', '--seed', '5', '--seed', '6', '--channels', '1')).toEqual([
      'base-1-5',
      'base-1-6',
    ]);
    expect(runsOf('l2', 'hinge', '--seed', '1', '--channels', '3')).toEqual([
      'l2-3-1',
      'hinge-3-1',
    ]);
  });

  it('knows groups, and names a row only once', () => {
    const stability = runsOf('group:stability', 'cyclegan-log');
    expect(stability).toHaveLength(10);
    expect(stability).toContain('cyclegan-log-3-5');
  });

  it('takes all in another order, with a time', () => {
    const request = parseRequest(['--all', '--minutes-left', '60']);
    expect(request.minutesLeft).toBe(60);
    expect(request.runs.length).toBeGreaterThan(80);
    expect(request.runs.slice(0, 2).map(runName)).toEqual(['base-3-1', 'l2-3-1']);
  });

  it('refuses what it does not know, with what was meant', () => {
    expect(() => parseRequest(['simgan-face'])).toThrow(/Did you mean "simgan-faces"\?/);
    expect(() => parseRequest(['base', '--sed', '1'])).toThrow(/"--sed".*Did you mean "--seed"\?/);
    expect(() => parseRequest(['base', '--seed', 'one'])).toThrow(/--seed to be a whole number/);
    expect(() => parseRequest(['base', '--channels', '2'])).toThrow(/--channels/);
    expect(() => parseRequest(['base', '--threads', 'two'])).toThrow(/--threads to be a whole/);
    expect(parseRequest(['base', '--threads', '1']).threads).toBe(1);
    expect(() => parseRequest(['--all', '--minutes-left', '-1'])).toThrow(/minutes/);
    expect(() => parseRequest([])).toThrow(/name of a row/);
  });
});
