import { describe, expect, test } from 'vitest';
import { createRunClock } from './run-clock.ts';

function clockAt(minutes?: number, played = 0) {
  let seconds = 100;
  const clock = createRunClock({ started: 100_000, minutes, played, now: () => 1000 * seconds });
  return { clock, at: (value: number) => (seconds = 100 + value) };
}

describe('createRunClock', () => {
  test('counts from the beginning of the run', () => {
    const { clock, at } = clockAt(2);
    at(30);
    expect(clock.minutes()).toBe(0.5);
    expect(clock.secondsLeft()).toBe(90);
    at(150);
    expect(clock.secondsLeft()).toBe(-30);
  });

  test('the game has the time from its first step to the last measurement', () => {
    const { clock, at } = clockAt(2);
    at(20);
    expect(clock.gameShare(10)).toBe(0);
    at(65);
    expect(clock.gameShare(10)).toBe(0.5);
    // The next measurement will take longer: less time is left.
    expect(clock.gameShare(40)).toBe(0.75);
    at(115);
    expect(clock.gameShare(10)).toBe(1);
  });

  test('a resumed game goes on with the share that it had', () => {
    const { clock, at } = clockAt(2, 300);
    at(20);
    // 300 of 400 seconds were played; the last 100 begin now.
    expect(clock.gameShare(0)).toBe(0.75);
    at(70);
    expect(clock.gameShare(0)).toBe(0.875);
  });

  test('without minutes there is no end', () => {
    const { clock, at } = clockAt();
    at(1e6);
    expect(clock.secondsLeft()).toBeUndefined();
    expect(clock.gameShare(0)).toBe(0);
  });
});
