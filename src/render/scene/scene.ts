import type { Angles } from '../geometry/rotation.ts';
import type { backgroundKinds } from './config.ts';

/** Linear RGB, 0 … 1 for reflectances. */
export type Color = readonly [number, number, number];
/** A unit vector in camera space: x to the image's right, y up, z toward the camera. */
export type Direction = readonly [number, number, number];

/** What stays the same in all images of a person. */
export interface Identity {
  /** Years. */
  readonly age: number;
  /** 0 female … 1 male. */
  readonly sex: number;
  /** 0 … 1. */
  readonly muscle: number;
  readonly weight: number;
  /** Shares that sum to 1. */
  readonly ancestry: {
    readonly african: number;
    readonly asian: number;
    readonly caucasian: number;
  };
  /** Shape sliders by name, −1 … 1. */
  readonly shape: Readonly<Record<string, number>>;
  readonly skin: string;
  /** Mean reflectance of the face. */
  readonly skinColor: Color;
  readonly iris: string;
  readonly eyebrows: string;
  readonly eyelashes: string;
  readonly hairColor: Color;
  readonly eyebrowColor: Color;
}

export interface Hair {
  readonly style: string;
  readonly mirrored: boolean;
  readonly color: Color;
}

export interface Light {
  readonly keyDirection: Direction;
  readonly keyColor: Color;
  /** Half width of the penumbra, 1 … 3 shadow-map steps. */
  readonly softness: number;
  readonly sky: Color;
  readonly ground: Color;
  /** Broad lights of the surroundings. */
  readonly lobes: readonly { readonly direction: Direction; readonly color: Color }[];
  readonly exposure: number;
}

export interface Background {
  readonly kind: (typeof backgroundKinds)[number];
  readonly colors: readonly Color[];
  /** How uneven a studio cloth is, 0 … 1; scenes from before it existed have 1. */
  readonly variety?: number;
  /** Seed of its pattern. */
  readonly pattern: number;
}

export interface Clothing {
  readonly item: string;
  readonly color: Color;
  /** 0 keeps the texture's own colour, 1 replaces it. */
  readonly dye: number;
}

/** Everything that makes an image, apart from its size; the same scene gives the same bytes. */
export interface Scene {
  readonly identity: Identity;
  readonly hair: Hair | null;
  /** Share of the skin that a short beard hides where it grows thickest, 0 … 1. */
  readonly stubble: number;
  readonly clothing: Clothing | null;
  /** Weights of expression units. */
  readonly expression: Readonly<Record<string, number>>;
  /** Turn of the eyes against the head, degrees, signs as for the head. */
  readonly gaze: { readonly yaw: number; readonly pitch: number };
  readonly pose: Angles;
  readonly torso: Angles;
  readonly camera: {
    /** Metres from the face. */
    readonly distance: number;
    /** Height of the face, brows to chin seen from the front, as a share of the image's height. */
    readonly faceHeight: number;
    /** Offset of the face from the image's centre as a share of its size, right and down. */
    readonly shift: readonly [number, number];
    /** Standard deviation of the sensor noise, 0 … 1 of full scale. */
    readonly noise: number;
  };
  readonly light: Light;
  readonly background: Background;
}
