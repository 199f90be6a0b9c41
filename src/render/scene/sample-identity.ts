import { type RandomKey, split } from '../../base/random.ts';
import type { Assets } from '../assets/assets.ts';
import { ancestries } from '../assets/catalog.ts';
import { hairColors, irisName, skinColor } from './colors.ts';
import type { RenderConfig } from './config.ts';
import { drawBell, drawChance, drawGamma, drawNormal, drawWeighted, rounded } from './draw.ts';
import type { Identity } from './scene.ts';

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Shares of the ancestries: a Dirichlet draw, so that mixtures are continuous. */
function drawAncestry(key: RandomKey, config: RenderConfig['identity']['ancestry']) {
  const draws = ancestries.map((name) =>
    config[name] === 0 ? 0 : drawGamma(key, name, config.mixing * config[name]),
  );
  const total = draws.reduce((sum, value) => sum + value, 0);
  const shares = draws.map((value) => (total > 0 ? value / total : 1 / ancestries.length));
  const [african, asian] = [rounded(shares[0]), rounded(shares[1])];
  return { african, asian, caucasian: rounded(Math.max(0, 1 - african - asian)) };
}

/** Sliders that distort a face quickly, and by how much less they move. */
const restraint: readonly (readonly [RegExp, number])[] = [
  [/pointed|triangle|triangular|square|diamond|potato|head-fat|head-skinny/, 0.35],
  [/^ear-|eye-move|eye-push|eye-epicanthus|nose-trans|mouth-trans|forehead-nubian/, 0.6],
  [/mouth-scale-depth|chin-jaw-drop|eyefold|eyebrows-angle/, 0.5],
];
/** Means that are not 0: upstream's average face frowns from half-closed eyes. */
const shift: Readonly<Record<string, number>> = {
  'mouth-angles-up': 0.2,
  'eyebrows-angle-up': 0.45,
  'eyebrows-trans-vert-more': 0.25,
  'eye-height2-max': 0.3,
};

function drawShape(key: RandomKey, assets: Assets, config: RenderConfig['identity']) {
  const shape: Record<string, number> = {};
  for (const { name, group, negative } of assets.details) {
    const factor = restraint.find(([pattern]) => pattern.test(name))?.[1] ?? 1;
    const deviation = group === 'asym' ? config.asymmetry : config.shape * factor;
    const value = (shift[name] ?? 0) + deviation * drawNormal(key, name);
    // A slider without a negative end only acts on the half of the people who have it.
    const limited = clamp(value, negative.length === 0 ? 0 : -0.85, 0.85);
    if (limited !== 0) shape[name] = rounded(limited);
  }
  return shape;
}

function skinName(identity: Pick<Identity, 'age' | 'sex' | 'ancestry'>, level: number): string {
  const age = identity.age < 36 ? 'young' : identity.age < 58 ? 'middleage' : 'old';
  const { asian, caucasian } = identity.ancestry;
  const ancestry = level < 0.4 ? 'african' : asian > caucasian ? 'asian' : 'caucasian';
  return `${age}_${ancestry}_${identity.sex < 0.5 ? 'female' : 'male'}`;
}

/** Draws a person. */
export function sampleIdentity(key: RandomKey, assets: Assets, config: RenderConfig): Identity {
  const ancestry = drawAncestry(split(key, 'ancestry'), config.identity.ancestry);
  const male = drawChance(key, 'male', config.identity.male);
  const softness = Math.min(0.35, 0.12 * Math.abs(drawNormal(key, 'sex')));
  const basics = {
    age: drawBell(key, 'age', config.identity.age),
    sex: rounded(male ? 1 - softness : softness),
    ancestry,
  };
  const lightness = drawBell(key, 'complexion', config.identity.complexion);
  const { color, level } = skinColor(split(key, 'skin'), ancestry, lightness);
  return {
    ...basics,
    muscle: drawBell(key, 'muscle', config.identity.muscle),
    weight: drawBell(key, 'weight', config.identity.weight),
    shape: drawShape(split(key, 'shape'), assets, config.identity),
    skin: skinName(basics, level),
    skinColor: color,
    iris: irisName(
      key,
      assets.irises.map((iris) => iris.name),
      ancestry,
    ),
    eyebrows: drawWeighted(key, 'eyebrows', assets.eyebrows).name,
    eyelashes: drawWeighted(key, 'eyelashes', assets.eyelashes).name,
    ...hairColors(split(key, 'hair'), basics, config.hair.dyed),
  };
}
