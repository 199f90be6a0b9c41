/** Part codes of the mask images, the palette of every Lifelike dataset. */
export const parts = {
  background: 0,
  skin: 1,
  nose: 2,
  rightEye: 3,
  leftEye: 4,
  rightBrow: 5,
  leftBrow: 6,
  rightEar: 7,
  leftEar: 8,
  innerMouth: 9,
  upperLip: 10,
  lowerLip: 11,
  neck: 12,
  hair: 13,
  beard: 14,
  clothing: 15,
  glasses: 16,
} as const;
export type Part = keyof typeof parts;

export const partNames = Object.keys(parts) as Part[];

/** Colours for looking at masks, one a part code. */
export const partColors: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [236, 188, 150],
  [230, 120, 70],
  [60, 120, 255],
  [60, 220, 255],
  [120, 70, 20],
  [180, 110, 40],
  [255, 90, 200],
  [200, 60, 255],
  [120, 0, 30],
  [255, 40, 60],
  [255, 120, 130],
  [190, 150, 110],
  [70, 60, 50],
  [100, 80, 60],
  [60, 160, 80],
  [240, 240, 0],
];
