import { expect, test } from 'vitest';
import { UserError } from '../../base/user-error.ts';
import { renderConfig } from './config.ts';

test('fills in defaults beside what is given', () => {
  const config = renderConfig({ pose: { yaw: { deviation: 30 } } });
  expect(config.pose.yaw).toEqual({ mean: 0, deviation: 30, min: -75, max: 75 });
  expect(config.camera.distance).toEqual({ min: 0.6, max: 3 });
});

test('a misspelt key is refused with the nearest known one', () => {
  const call = () => renderConfig({ pose: { yow: {} } } as never);
  expect(call).toThrow(UserError);
  expect(call).toThrow(/got "pose\.yow"\. Did you mean "pose\.yaw"\?/);
});

test.each([
  [{ hair: { none: 2 } }, 'hair.none'],
  [{ pose: { yaw: { min: 10, max: -10 } } }, 'pose.yaw.min'],
  [{ identity: { age: 'old' } }, 'identity.age'],
  [{ background: { saturation: { max: 2 } } }, 'background.saturation.max'],
  [{ camera: { distance: { min: 0 } } }, 'camera.distance.min'],
  [{ light: { softness: { min: 0 } } }, 'light.softness.min'],
  [{ background: { hue: { min: 340, max: 20 } } }, 'background.hue.min'],
  [{ clothing: { casual: 0, suit: 0 } }, 'clothing.casual'],
  [{ background: { studio: 0, bokeh: 0, room: 0, outdoor: 0, wall: 0 } }, 'background.studio'],
])('%j is refused by name', (value, name) => {
  expect(() => renderConfig(value as never)).toThrow(`Expected \`${name}\` to be`);
});
