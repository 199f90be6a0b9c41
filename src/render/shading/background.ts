import { mix } from '../scene/colors.ts';
import type { Background, Color } from '../scene/scene.ts';
import {
  blend,
  blur,
  createPattern,
  type Draw,
  drawsOf,
  enlarge,
  fractalNoise,
  type Pattern,
  paint,
} from './pattern.ts';

const patternSize = 64;
const clamp01 = (x: number) => Math.min(1, Math.max(0, x));
const lighten = (color: Color, factor: number) =>
  color.map((value) => Math.min(1.2, value * factor)) as unknown as Color;

/** A lit backdrop: a pool of light on a cloth that is not quite even. */
function studio(
  pattern: Pattern,
  { colors, variety = 1 }: Pick<Background, 'colors' | 'variety'>,
  draw: Draw,
): void {
  const [cx, cy] = [0.2 + 0.6 * draw(), 0.1 + 0.7 * draw()];
  const reach = 0.45 + 0.6 * draw();
  const mottle = fractalNoise(draw, 3, 3);
  const strength = variety * (0.15 + 0.5 * draw());
  // At full variety the light falls from 1.25 to 0.55.
  const [dark, bright] = [1 - 0.45 * variety, 1 + 0.25 * variety];
  paint(pattern, (x, y) => {
    const pool = Math.exp(-(((x - cx) / reach) ** 2 + ((y - cy) / reach) ** 2));
    const base = mix(lighten(colors[0], dark), lighten(colors[1], bright), pool);
    return lighten(base, 1 - strength / 2 + strength * mottle(x, y));
  });
  blur(pattern, 1);
}

/** Lights and things far out of focus. */
function bokeh(pattern: Pattern, { colors }: Pick<Background, 'colors'>, draw: Draw): void {
  const haze = fractalNoise(draw, 2, 2);
  paint(pattern, (x, y) =>
    mix(lighten(colors[0], 0.7), colors[1], clamp01(0.3 * y + 0.9 * haze(x, y))),
  );
  const discs = 10 + Math.floor(draw() * 22);
  for (let i = 0; i < discs; i++) {
    const [cx, cy, radius] = [draw() * 1.2 - 0.1, draw() * 1.2 - 0.1, 0.03 + 0.12 * draw()];
    const color = lighten(colors[1 + Math.floor(draw() * 3)], 0.6 + 1.8 * draw());
    const opacity = 0.2 + 0.6 * draw();
    blend(
      pattern,
      color,
      (x, y) => opacity * clamp01((radius - Math.hypot(x - cx, y - cy)) * 40 + 0.5),
    );
  }
  blur(pattern, 1 + Math.floor(draw() * 3));
}

/** Walls, furniture, a window: boxes out of focus. */
function room(pattern: Pattern, { colors }: Pick<Background, 'colors'>, draw: Draw): void {
  const floor = 0.6 + 0.4 * draw();
  const slope = draw() - 0.5;
  paint(pattern, (x, y) =>
    lighten(y < floor ? colors[0] : colors[1], 0.75 + 0.5 * clamp01(0.5 + slope * (x - 0.5) * 2)),
  );
  const boxes = 5 + Math.floor(draw() * 9);
  for (let i = 0; i < boxes; i++) {
    const tall = draw() < 0.6;
    const [w, h] = tall
      ? [0.04 + 0.2 * draw(), 0.2 + 0.7 * draw()]
      : [0.15 + 0.5 * draw(), 0.03 + 0.15 * draw()];
    const [left, top] = [draw() * 1.1 - 0.1, draw() * 1.1 - 0.2];
    const isWindow = draw() < 0.18;
    const color = isWindow
      ? ([0.95, 0.97, 1] as const)
      : lighten(colors[Math.floor(draw() * 4)], 0.35 + 1.3 * draw());
    blend(pattern, color, (x, y) => (x > left && x < left + w && y > top && y < top + h ? 0.9 : 0));
  }
  blur(pattern, 1 + Math.floor(draw() * 4));
}

/** Sky, a skyline of foliage or houses, ground. */
function outdoor(pattern: Pattern, { colors }: Pick<Background, 'colors'>, draw: Draw): void {
  const day = draw();
  const high: Color = mix([0.18, 0.36, 0.75], [0.7, 0.72, 0.74], draw());
  const low: Color = mix([0.75, 0.83, 0.92], [0.9, 0.78, 0.62], draw());
  const green: Color = mix([0.06, 0.13, 0.03], [0.2, 0.24, 0.08], draw());
  const plants = draw() < 0.65 ? green : colors[0];
  const horizon = 0.1 + 0.7 * draw();
  const ridge = fractalNoise(draw, 4, 3);
  const leaves = fractalNoise(draw, 9, 3);
  const brightness = 0.45 + 0.55 * day;
  paint(pattern, (x, y) => {
    const line = horizon + 0.45 * (ridge(x, 0.5) - 0.5);
    if (y < line) return lighten(mix(high, low, clamp01(y / Math.max(0.1, line))), brightness);
    const depth = clamp01((y - line) / (1 - line + 1e-6));
    return lighten(mix(plants, colors[2], depth * 0.6), brightness * (0.35 + 1.5 * leaves(x, y)));
  });
  blur(pattern, 1 + Math.floor(draw() * 3));
}

/** A plastered, papered or panelled wall near the person. */
function wall(pattern: Pattern, { colors }: Pick<Background, 'colors'>, draw: Draw): void {
  const grain = fractalNoise(draw, 10, 3);
  const stain = fractalNoise(draw, 2, 2);
  const lean = draw() * 2 * Math.PI;
  const panels = draw() < 0.5 ? 2 + Math.floor(draw() * 7) : 0;
  const slats = draw() < 0.5;
  const strength = 0.15 + 0.35 * draw();
  paint(pattern, (x, y) => {
    const light = 1 + 0.5 * ((x - 0.5) * Math.cos(lean) + (y - 0.5) * Math.sin(lean));
    const texture = 1 - strength / 2 + strength * grain(x, y);
    const along = (slats ? x : y) * panels;
    const groove = panels > 0 && along - Math.floor(along) < 0.12 ? 0.72 : 1;
    return lighten(mix(colors[0], colors[1], 0.5 * stain(x, y)), light * texture * groove);
  });
}

const painters = { studio, bokeh, room, outdoor, wall } as const;

/** Paints a backdrop, `[size, size, 3]` linear RGB; at full variety none is flat. */
export function drawBackground(background: Background, size: number, out: Float32Array): void {
  const pattern = createPattern(patternSize);
  painters[background.kind](pattern, background, drawsOf(background.pattern));
  enlarge(pattern, size, out);
}
