import { type RandomKey, split } from '../../base/random.ts';
import type { ExpressionUnit } from '../assets/catalog.ts';
import { expressionKinds, type RenderConfig } from './config.ts';
import { drawBell, drawChance, drawNormal, drawShare, drawWeighted, rounded } from './draw.ts';

type Units = Partial<Record<ExpressionUnit, number>>;

/** Expressions at full strength; none lowers the brows much, which reads as anger. */
const expressions = {
  smile: { 'mouth-corner-puller': 0.75, 'eye-left-slit': 0.3, 'eye-right-slit': 0.3 },
  grin: {
    'mouth-corner-puller': 0.85,
    'mouth-part-later': 0.5,
    'mouth-parling': 0.5,
    'eye-left-slit': 0.35,
    'eye-right-slit': 0.35,
  },
  speaking: { 'mouth-open': 0.4, 'mouth-corner-puller': 0.15 },
  surprise: {
    'mouth-open': 0.45,
    'eyebrows-left-up': 0.8,
    'eyebrows-right-up': 0.8,
    'eye-left-opened-up': 0.45,
    'eye-right-opened-up': 0.45,
  },
  concern: {
    'eyebrows-left-inner-up': 0.7,
    'eyebrows-right-inner-up': 0.7,
    'mouth-depression': 0.2,
  },
  pout: { 'mouth-protusion': 0.4, 'mouth-pursing': 0.25 },
  pressed: { 'mouth-compression': 0.5, 'mouth-retraction': 0.25 },
  sneer: {
    'nose-left-elevation': 0.3,
    'nose-right-elevation': 0.3,
    'mouth-elevation': 0.25,
  },
} as const satisfies Record<(typeof expressionKinds)[number], Units>;

/** Weights of the expression units of an image. */
export function sampleExpression(key: RandomKey, config: RenderConfig): Record<string, number> {
  // Relaxed faces of photographs: a trace of a smile, brows a little up, no frown.
  const units: Record<string, number> = {
    'mouth-corner-puller': 0.08 + 0.05 * drawNormal(key, 'calm'),
    'eyebrows-left-inner-up': 0.28,
    'eyebrows-right-inner-up': 0.28,
  };
  const add = (unit: string, value: number) => {
    units[unit] = (units[unit] ?? 0) + value;
  };
  if (!drawChance(key, 'neutral', config.expression.neutral)) {
    const name = drawWeighted(key, 'name', expressionKinds, (option) => config.expression[option]);
    const intensity = drawBell(key, 'intensity', config.expression.intensity);
    for (const [unit, value] of Object.entries(expressions[name])) add(unit, value * intensity);
  }
  const lids = split(key, 'lids');
  const closed = drawChance(lids, 'closed', config.eyes.closed);
  const closure = closed
    ? 0.92 + 0.08 * drawShare(lids, 'amount')
    : 0.02 + 0.07 * drawNormal(lids, 'amount');
  for (const side of ['left', 'right']) {
    add(`eye-${side}-closure`, closure + (closed ? 0 : 0.015 * drawNormal(lids, side)));
    const brow = 0.12 * drawNormal(key, `brow-${side}`) + 0.12 * drawNormal(key, 'brows');
    add(
      brow > 0 ? `eyebrows-${side}-up` : `eyebrows-${side}-down`,
      Math.abs(brow) * (brow > 0 ? 1 : 0.3),
    );
  }
  const entries = Object.entries(units).map(
    ([unit, value]) => [unit, rounded(Math.min(1, Math.max(0, value)))] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value > 0));
}
