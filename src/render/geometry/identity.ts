import { ancestries } from '../assets/catalog.ts';
import { type Detail, expressionTargetName } from '../assets/targets.ts';
import type { Identity, Scene } from '../scene/scene.ts';

/** The two stations of a scale between which a value lies, with their shares. */
function stations(
  value: number,
  scale: readonly (readonly [name: string, at: number])[],
): [string, number][] {
  const last = scale.length - 1;
  if (value <= scale[0][1]) return [[scale[0][0], 1]];
  if (value >= scale[last][1]) return [[scale[last][0], 1]];
  const upper = scale.findIndex(([, at]) => at > value);
  const [[lowName, low], [highName, high]] = [scale[upper - 1], scale[upper]];
  const share = (value - low) / (high - low);
  return [
    [lowName, 1 - share],
    [highName, share],
  ];
}

const amount = (name: string) =>
  [
    [`min${name}`, 0],
    [`average${name}`, 0.5],
    [`max${name}`, 1],
  ] as const;

/** Ages, in years, that MakeHuman modelled. */
const ageScale = [
  ['child', 12],
  ['young', 25],
  ['old', 90],
] as const;

/**
 * Weights of the targets for age, sex, build and ancestry: every combination of stations, weighed
 * by the product of its shares, as in MakeHuman's macro modelling.
 */
export function macroWeights(identity: Identity): Map<string, number> {
  const weights = new Map<string, number>();
  const sexes = [
    ['female', 1 - identity.sex],
    ['male', identity.sex],
  ] as const;
  for (const [sex, sexShare] of sexes) {
    for (const [age, ageShare] of stations(identity.age, ageScale)) {
      const share = sexShare * ageShare;
      for (const ancestry of ancestries) {
        weights.set(`macrodetails/${ancestry}-${sex}-${age}`, share * identity.ancestry[ancestry]);
      }
      for (const [muscle, muscleShare] of stations(identity.muscle, amount('muscle'))) {
        for (const [weight, weightShare] of stations(identity.weight, amount('weight'))) {
          const name = `macrodetails/universal-${sex}-${age}-${muscle}-${weight}`;
          weights.set(name, share * muscleShare * weightShare);
        }
      }
    }
  }
  return weights;
}

/** Weights of all targets of a scene: build, shape sliders, asymmetry and expression. */
export function sceneTargetWeights(scene: Scene, details: readonly Detail[]): Map<string, number> {
  const weights = macroWeights(scene.identity);
  const add = (target: string, weight: number) =>
    weights.set(target, (weights.get(target) ?? 0) + weight);
  for (const detail of details) {
    const value = scene.identity.shape[detail.name] ?? 0;
    const targets = value < 0 ? detail.negative : detail.positive;
    for (const target of targets) add(target, Math.abs(value));
  }
  for (const [unit, value] of Object.entries(scene.expression)) {
    for (const ancestry of ancestries) {
      add(expressionTargetName(ancestry, unit), value * scene.identity.ancestry[ancestry]);
    }
  }
  return weights;
}
