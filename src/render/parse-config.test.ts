import { expect, test } from 'vitest';
import { UserError } from '../base/user-error.ts';
import { parseRenderConfig } from './parse-config.ts';

test('fills in defaults beside what is given', () => {
  const config = parseRenderConfig({ pose: { yaw: { deviation: 30 } } });
  expect(config.pose.yaw).toEqual({ mean: 0, deviation: 30, min: -75, max: 75 });
  expect(config.camera.distance).toEqual({ min: 0.6, max: 3 });
});

test('a misspelt key is refused with the nearest known one', () => {
  const call = () => parseRenderConfig({ pose: { yow: {} } }, 'config.json');
  expect(call).toThrow(UserError);
  expect(call).toThrow(
    /Expected a known key in config\.json, got "pose\.yow"\. Did you mean "yaw"\?/,
  );
});

test.each([
  [{ hair: { none: 2 } }, 'hair.none'],
  [{ pose: { yaw: { min: 10, max: -10 } } }, 'pose.yaw.min'],
  [{ identity: { age: 'old' } }, 'identity.age'],
])('%j is refused by name', (value, name) => {
  expect(() => parseRenderConfig(value)).toThrow(`Expected a valid "${name}"`);
});
