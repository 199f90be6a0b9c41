/** Which part of the head each pixel shows, as the codes of a `*.parts.png` file. */
export interface PartMask {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly codes: Uint8Array;
}

/** The codes that verification looks at. */
export const partCode = {
  background: 0,
  skin: 1,
  nose: 2,
  rightEye: 3,
  leftEye: 4,
  rightBrow: 5,
  leftBrow: 6,
  innerMouth: 9,
  upperLip: 10,
  lowerLip: 11,
  hair: 13,
} as const;
