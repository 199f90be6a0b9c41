import { expect, test } from 'vitest';
import { randomKey } from '../../base/random.ts';
import { suitNames } from '../assets/catalog.ts';
import { sharedAssets } from '../testing/shared-assets.ts';
import { renderConfig } from './config.ts';
import { drawBell, drawGamma, drawWeighted } from './draw.ts';
import { sampleBackground } from './sample-light.ts';
import { sampleScene } from './sample-scene.ts';
import type { Color } from './scene.ts';

test('a bell stays between its limits and follows its mean', () => {
  const bell = { mean: 10, deviation: 4, min: 6, max: 20 };
  const values = Array.from({ length: 400 }, (_, i) => drawBell(randomKey(i), 'x', bell));
  expect(Math.min(...values)).toBeGreaterThanOrEqual(6);
  expect(Math.max(...values)).toBeLessThanOrEqual(20);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // The mean of the normal distribution cut at −1 and +2.5 deviations is 10.88.
  expect(mean).toBeGreaterThan(10.3);
  expect(mean).toBeLessThan(11.5);
});

test('weights set how often an option is drawn', () => {
  const draws = Array.from({ length: 600 }, (_, i) =>
    drawWeighted(randomKey(i), 'x', ['never', 'often', 'rarely'], (name) =>
      name === 'often' ? 3 : name === 'rarely' ? 1 : 0,
    ),
  );
  expect(draws).not.toContain('never');
  const often = draws.filter((name) => name === 'often').length / draws.length;
  expect(often).toBeGreaterThan(0.68);
  expect(often).toBeLessThan(0.82);
});

test.each([0.3, 2])('gamma draws of shape %d have that mean', (shape) => {
  const draws = Array.from({ length: 2000 }, (_, i) => drawGamma(randomKey(i), 'g', shape));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  expect(Math.abs(mean - shape)).toBeLessThan(0.15 * shape + 0.03);
});

test('images of a person share the identity and nothing else', async () => {
  const assets = await sharedAssets();
  const config = renderConfig({});
  const scenes = [0, 1, 2, 3].map((index) =>
    sampleScene(assets, config, { seed: 5, index, imagesPerIdentity: 3 }),
  );
  expect(scenes[1].identity).toEqual(scenes[0].identity);
  expect(scenes[2].identity).toEqual(scenes[0].identity);
  expect(scenes[3].identity).not.toEqual(scenes[0].identity);
  expect(scenes[1].pose).not.toEqual(scenes[0].pose);
  expect(scenes[1].light).not.toEqual(scenes[0].light);
  expect(scenes[1].background).not.toEqual(scenes[0].background);
});

test('the configuration steers what is drawn', async () => {
  const assets = await sharedAssets();
  const config = renderConfig({
    identity: { male: 0, ancestry: { african: 0, asian: 1, caucasian: 0 } },
    hair: { none: 1 },
    pose: { yaw: { mean: 40, deviation: 0 }, wide: 0 },
    background: { studio: 0, bokeh: 0, room: 0, outdoor: 0, wall: 1 },
  });
  for (let index = 0; index < 20; index++) {
    const scene = sampleScene(assets, config, { seed: 2, index, imagesPerIdentity: 1 });
    expect(scene.identity.sex).toBeLessThan(0.5);
    expect(scene.identity.ancestry).toEqual({ african: 0, asian: 1, caucasian: 0 });
    expect(scene.pose.yaw).toBe(40);
    expect(scene.background.kind).toBe('wall');
  }
});

test('clothes are drawn by their weights', async () => {
  const assets = await sharedAssets();
  const clothes = (clothing: object) =>
    Array.from({ length: 40 }, (_, index) => {
      const config = renderConfig({ clothing: { none: 0, ...clothing } });
      return sampleScene(assets, config, { seed: 2, index, imagesPerIdentity: 1 }).clothing!;
    });
  const suits = (clothing: object) =>
    clothes(clothing).filter(({ item }) => suitNames.has(item)).length;
  expect(suits({ casual: 0 })).toBe(40);
  expect(suits({ suit: 0 })).toBe(0);
  // One in eight of men's garments is a suit, and one in four of women's.
  expect(suits({})).toBeGreaterThan(1);
  expect(suits({})).toBeLessThan(20);
  expect(clothes({ dyed: 0 }).every(({ dye }) => dye === 0)).toBe(true);
});

test('backdrops and expressions are drawn within their configuration', async () => {
  const assets = await sharedAssets();
  const none = { smile: 0, grin: 0, speaking: 0, surprise: 0, concern: 0, pout: 0, sneer: 0 };
  const config = renderConfig({
    expression: { neutral: 0, ...none, pressed: 1 },
    background: {
      hue: { min: 200, max: 210 },
      saturation: { min: 0.4, max: 0.6 },
      brightness: { min: 0.2, max: 0.3 },
      variety: 0,
    },
  });
  const kinds = new Set<string>();
  for (let index = 0; index < 20; index++) {
    const scene = sampleScene(assets, config, { seed: 2, index, imagesPerIdentity: 1 });
    const { kind, colors, variety } = scene.background;
    kinds.add(kind);
    expect(variety).toBe(0);
    // At a hue between cyan (180°) and blue (240°) red is least and blue most.
    const hueOf = ([red, green, blue]: Color) => 240 - (60 * (green - red)) / (blue - red);
    for (const color of colors) {
      const [red, , blue] = color;
      expect(blue).toBe(colors[0][2]);
      expect(blue).toBeGreaterThanOrEqual(0.2);
      expect(blue).toBeLessThanOrEqual(0.3);
      expect(red / blue).toBeGreaterThan(0.39);
      expect(red / blue).toBeLessThan(0.61);
      expect(hueOf(color)).toBeCloseTo(hueOf(colors[0]), 0);
      expect(hueOf(color)).toBeGreaterThan(199);
      expect(hueOf(color)).toBeLessThan(211);
    }
    expect(scene.expression['mouth-compression']).toBeGreaterThan(0);
  }
  expect(kinds.size).toBeGreaterThan(1);
});

test('a range of hues may go across red', () => {
  const range = { saturation: { min: 0.5, max: 0.6 }, variety: 0 };
  for (const hue of [
    { min: -20, max: 20 },
    { min: 340, max: 380 },
  ]) {
    const { background } = renderConfig({ background: { ...range, hue } });
    for (let i = 0; i < 20; i++) {
      const [red, green, blue] = sampleBackground(randomKey(i), background).colors[0];
      expect(red).toBeGreaterThan(1.5 * Math.max(green, blue));
    }
  }
});

test('new keys of the configuration leave the scenes of their defaults as they were', async () => {
  const assets = await sharedAssets();
  const scene = (index: number) =>
    sampleScene(assets, renderConfig(), { seed: 1, index, imagesPerIdentity: 1 });
  const [first, fifth] = [scene(0), scene(4)];
  expect(first.background).toMatchObject({ kind: 'wall', pattern: 975000660 });
  expect(first.background.colors).toEqual([
    [0.608, 0.806, 0.5923],
    [0.2138, 0.2949, 0.2403],
    [0.2915, 0.4218, 0.2411],
    [0.3314, 0.5095, 0.4822],
  ]);
  expect(first.clothing).toEqual({
    item: 'male_casualsuit02',
    color: [0.1095, 0.1314, 0.1075],
    dye: 1,
  });
  expect(first.expression).toMatchObject({
    'mouth-corner-puller': 0.5501,
    'eye-left-slit': 0.1912,
  });
  expect(fifth.background.colors[0]).toEqual([0.2383, 0.1065, 0.1029]);
  expect(fifth.clothing).toMatchObject({ item: 'male_elegantsuit01', dye: 0 });
  expect(fifth.expression).toMatchObject({ 'nose-left-elevation': 0.1164 });
});

test('a scene survives JSON unchanged', async () => {
  const options = { seed: 3, index: 7, imagesPerIdentity: 1 };
  const scene = sampleScene(await sharedAssets(), renderConfig({}), options);
  expect(JSON.parse(JSON.stringify(scene))).toEqual(scene);
});
