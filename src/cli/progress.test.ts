import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';
import { finishedLine, formatDuration, formatRate, progressLine } from './progress-text.ts';

function screen(isTerminal: boolean, width = 80) {
  const clock = { ms: 0 };
  let text = '';
  const progress = createProgress({
    write: (written) => {
      text += written;
    },
    isTerminal,
    columns: () => width,
    now: () => clock.ms,
  });
  return { progress, clock, text: () => text };
}

describe('text', () => {
  it.each([
    [0, '0 s'],
    [59.6, '1 min 00 s'],
    [65, '1 min 05 s'],
    [3599.7, '1 h 00 min'],
    [7620, '2 h 07 min'],
    [-3, '0 s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [1234.5, '1235 images/s'],
    [57.34, '57.3 images/s'],
    [0.4167, '0.42 images/s'],
  ])('%d a second is %s', (rate, text) => {
    expect(formatRate(rate, 'images')).toBe(text);
  });

  it('leaves out what is not known', () => {
    const state = { label: 'Rendering', unit: 'images', done: 4 };
    expect(progressLine(state)).toBe('Rendering  4 images');
    expect(progressLine({ ...state, total: 8, perSecond: 2, secondsLeft: 2, note: 'x' })).toBe(
      'Rendering  4/8 images  2.00 images/s  2 s left  x',
    );
    expect(finishedLine({ ...state, secondsLeft: 9, note: 'x' }, 61)).toBe(
      'Rendering  4 images  in 1 min 01 s  x',
    );
  });
});

describe('on a terminal', () => {
  it('rewrites one line, at most ten times a second', () => {
    const { progress, clock, text } = screen(true);
    const bar = progress.start('Training', { unit: 'steps', total: 100 });
    for (let i = 1; i <= 20; i++) {
      clock.ms += 50;
      bar.update(i);
    }
    expect(text().split('\r\u001b[2K').length - 1).toBe(10);
    expect(text()).not.toContain('\n');
    expect(text()).toContain('Training  19/100 steps  20.0 steps/s  4 s left');
  });

  it('puts log lines above the progress line', () => {
    const { progress, clock, text } = screen(true);
    const bar = progress.start('Training', { unit: 'steps' });
    bar.update(1);
    progress.log('saved');
    expect(text()).toBe('\r\u001b[2KTraining  1 steps\r\u001b[2Ksaved\nTraining  1 steps');
    clock.ms = 2000;
    bar.end();
    expect(text().endsWith('\r\u001b[2KTraining  1 steps  0.50 steps/s  in 2 s\n')).toBe(true);
  });

  it('never fills the width', () => {
    const { progress, text } = screen(true, 12);
    progress.start('Training', { unit: 'steps' }).update(1);
    expect(text()).toBe('\r\u001b[2KTraining  1');
    const unknown = screen(true, 0);
    unknown.progress.start('Training', { unit: 'steps' }).update(1);
    expect(unknown.text()).toBe('\r\u001b[2KTraining  1 steps');
  });
});

describe('elsewhere', () => {
  it('writes a plain line every five seconds', () => {
    const { progress, clock, text } = screen(false);
    const bar = progress.start('Rendering', { unit: 'images', total: 30 });
    for (let i = 1; i <= 12; i++) {
      clock.ms += 1000;
      bar.update(i);
    }
    bar.end();
    expect(text()).toBe(
      [
        'Rendering  5/30 images  1.00 images/s  25 s left',
        'Rendering  10/30 images  1.00 images/s  20 s left',
        'Rendering  12/30 images  1.00 images/s  in 12 s',
        '',
      ].join('\n'),
    );
  });

  it('takes the rate of the last seconds, without what a resumed run had done', () => {
    const { progress, clock, text } = screen(false);
    const bar = progress.start('Training', { unit: 'steps', total: 2000, done: 1000 });
    for (let second = 1; second <= 60; second++) {
      clock.ms = second * 1000;
      bar.update(second <= 30 ? 1000 + second * 10 : 1300 + (second - 30));
    }
    const lines = text().trim().split('\n');
    expect(lines[0]).toBe('Training  1050/2000 steps  10.0 steps/s  1 min 35 s left');
    expect(lines.at(-1)).toBe('Training  1330/2000 steps  1.00 steps/s  11 min 10 s left');
  });

  it('takes the time left from the caller where it knows better', () => {
    const { progress, clock, text } = screen(false);
    const bar = progress.start('Training', { unit: 'steps', total: 1000 });
    clock.ms = 5000;
    bar.update(5, { secondsLeft: 30, note: 'loss 0.4' });
    expect(text()).toBe('Training  5/1000 steps  1.00 steps/s  30 s left  loss 0.4\n');
  });
});
