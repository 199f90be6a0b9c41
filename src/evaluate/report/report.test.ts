import { describe, expect, test } from 'vitest';
import { randomKey } from '../../base/random.ts';
import type { Evaluation } from '../evaluate-sets.ts';
import type { LabelRecord } from '../labels/label-record.ts';
import { summarizeLabels, yawGroupOf } from '../labels/summarize-labels.ts';
import { choosePictures } from './choose-pictures.ts';
import { escapeHtml, percent, shellWord, significant } from './format.ts';
import { histogram } from './histogram.ts';
import { intervalPlot } from './interval-plot.ts';
import { verdictOf } from './verdict.ts';

describe('numbers and words', () => {
  test.each([
    [0, '0'],
    [0.0123456, '0.0123'],
    [-1234.5, '−1230'],
    [0.0000042, '4.2e−6'],
    [Number.NaN, '–'],
  ])('%d is written %s', (value, text) => expect(significant(value)).toBe(text));

  test('shares, HTML and shell words', () => {
    expect([percent(0.394), percent(-0.06), percent(-0.001)]).toEqual(['39 %', '−6 %', '0 %']);
    expect(escapeHtml('<a href="x">&</a>')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;');
    expect([shellWord('a/b-1.png'), shellWord("it's")]).toEqual(['a/b-1.png', "'it'\\''s'"]);
  });
});

const record = (i: number, change: Partial<LabelRecord> = {}): LabelRecord => ({
  name: `${i}.png`,
  verdict: 'accepted',
  reasons: [],
  driftPixels: i / 10,
  driftOfEyes: i / 100,
  identityCosine: 0.98,
  structuralSimilarity: 0.9,
  colorDifference: 3,
  typologyAngle: i % 2 === 0 ? 60 : -40,
  typologyShift: i % 2 === 0 ? -4 : 4,
  yaw: i < 20 ? 0 : 30,
  ...change,
});
const floor = { images: 9, meanPixels: 5, meanOfEyes: 0.5, percentile95OfEyes: 0.9 };
const records = Array.from({ length: 40 }, (_, i) => record(i));

describe('labels of a set', () => {
  test('are counted and averaged with intervals, complexion by group', () => {
    const labels = summarizeLabels(
      [...records, record(40, { verdict: 'rejected' }), record(41, { verdict: 'unverifiable' })],
      floor,
      randomKey(1),
    );
    expect(labels).toMatchObject({ accepted: 40, rejected: 1, unverifiable: 1, facesLost: 0 });
    const drift = labels.landmarkDriftPixels;
    expect(drift?.mean).toBeCloseTo(2.05, 10);
    expect(drift?.noiseFloor).toBe(5);
    expect(drift?.low).toBeLessThan(2.05);
    expect(drift?.high).toBeGreaterThan(2.05);
    expect(labels.landmarkErrorPixels).toBeUndefined();
    expect(labels.complexionShiftDegrees?.groups).toMatchObject([
      { complexion: 'very light', yaw: 'frontal', mean: -4, images: 10 },
      { complexion: 'very light', yaw: 'half profile', mean: -4, images: 11 },
      { complexion: 'dark', yaw: 'frontal', mean: 4, images: 10 },
      { complexion: 'dark', yaw: 'half profile', mean: 4, images: 11 },
    ]);
  });

  test('of very many images have the normal interval', () => {
    const many = Array.from({ length: 3000 }, (_, i) => record(i % 2));
    const { landmarkDriftPixels: drift } = summarizeLabels(many, floor, randomKey(1));
    expect((drift?.high ?? 0) - (drift?.low ?? 0)).toBeCloseTo(
      (2 * 1.96 * 0.05) / Math.sqrt(3000),
      5,
    );
  });

  test('yaw groups', () => {
    expect([-80, -20, 3, undefined].map(yawGroupOf)).toEqual([
      'profile',
      'half profile',
      'frontal',
      'unknown',
    ]);
  });
});

test('pictures are the extremes and a fair draw', () => {
  const [random, worst, best] = choosePictures(records, randomKey(2));
  expect(random.records).toHaveLength(24);
  expect(worst.records.map(({ name }) => name).slice(0, 2)).toEqual(['39.png', '38.png']);
  expect(best.records[0].name).toBe('0.png');
  expect(choosePictures([record(1)], randomKey(2))).toHaveLength(3);
  expect(choosePictures([], randomKey(2))).toEqual([]);
});

describe('verdict', () => {
  const estimate = (value: number, width = 0.1) => ({
    value,
    low: value - width,
    high: value + width,
  });
  const of = (gap: number | undefined, rejected = 0, unverifiable = 0) => {
    const verdicts = [
      ...new Array(rejected).fill('rejected'),
      ...new Array(unverifiable).fill('unverifiable'),
    ];
    const all = records.map((r, i) => ({ ...r, verdict: verdicts[i] ?? r.verdict }));
    const kernel = {
      synthetic: estimate(1),
      refined: estimate(0.5),
      real: estimate(0),
      ...(gap !== undefined && { gapClosed: estimate(gap) }),
    };
    const labels = summarizeLabels(all, floor, randomKey(1));
    const realism = [{ space: { name: 'x' }, kernel }];
    return verdictOf({ realism, labels, records: all } as unknown as Evaluation);
  };

  test.each([
    [
      0.5,
      0,
      'good',
      'Refinement closed 50 % of the gap to the photographs, and 40 of 40 images kept',
    ],
    [0.5, 10, 'mixed', 'Refinement closed 50 % of the gap to the photographs, but 30 of 40'],
    [
      -0.5,
      0,
      'bad',
      'Refinement led away from the photographs: the gap grew by 50 %, but 40 of 40',
    ],
    [0.05, 0, 'mixed', 'Refinement did not measurably close the gap'],
    [undefined, 0, 'mixed', 'The renders can hardly be told from the photographs'],
    [0.5, 30, 'bad', 'Refinement closed 50 %'],
  ] as const)('gap closed %d with %i rejected is %s', (gap, rejected, tone, start) => {
    const verdict = of(gap, rejected);
    expect(verdict.tone).toBe(tone);
    expect(verdict.headline.startsWith(start)).toBe(true);
  });

  test('an image that could not be verified is not said to have kept its label', () => {
    const all = records.map((r, i) => (i < 3 ? { ...r, verdict: 'unverifiable' as const } : r));
    const labels = summarizeLabels(all, floor, randomKey(1));
    const verdict = verdictOf({ realism: [], labels, records: all } as unknown as Evaluation);
    expect(verdict.headline).toContain('37 of 40 images kept their label, 3 could not be verified');
  });

  test.each([
    [8, 'good', '32 of 40 images kept their label, 8 could not'],
    [9, 'mixed', '31 of 40 images kept their label, 9 could not'],
    [40, 'mixed', 'not one of 40 labels could be verified'],
  ] as const)('with %i unverifiable images of 40 it is %s', (unverifiable, tone, words) => {
    const verdict = of(0.5, 0, unverifiable);
    expect(verdict.tone).toBe(tone);
    expect(verdict.headline).toContain(words);
  });
});

describe('drawings', () => {
  test('a histogram has a bar a bin, its marks and its ends', () => {
    const svg = histogram([0, 1, 1, 2], {
      title: 'a < b',
      unit: 'px',
      marks: [{ at: 4, label: 'limit' }],
    });
    expect(svg.match(/<rect /g)).toHaveLength(30);
    expect(svg).toContain('a &lt; b');
    expect(svg).toContain('limit');
    expect(svg).toContain('4 px');
    expect(histogram([], { title: 'none', unit: '' })).toBe('');
    expect(histogram([3, 3], { title: 'same', unit: '' })).not.toMatch(/NaN/);
  });

  test('an interval plot has zero and every row', () => {
    const row = (label: string, value: number) =>
      ({ label, kind: 'real', estimate: { value, low: value - 1, high: value + 1 } }) as const;
    const svg = intervalPlot([row('a', 3), row('b', -2)], 'title');
    expect(svg.match(/<circle /g)).toHaveLength(2);
    expect(svg).toContain('−2');
    expect(svg).not.toMatch(/NaN/);
  });
});
