import { describe, expect, it } from 'vitest';
import { portraitRecord } from './usefulness.ts';

describe('portraitRecord', () => {
  it('keeps the points that mean the same, in pixels of the image, and hides the others', () => {
    const points = Array.from({ length: 189 }, (_, i) => `${3 * i} ${3 * i + 1}`);
    const { landmarks, landmarks_visible: visible } = portraitRecord(
      'a.jpg',
      [189, ...points, '44', '0'].join('\n'),
    );
    expect(landmarks).toHaveLength(68);
    expect(visible.filter((v) => v === 1)).toHaveLength(16);
    // Outer corner of the right eye, corners of the mouth, middle of the lower lip.
    expect(landmarks[36]).toEqual([18, 18.33]);
    expect(landmarks[48]).toEqual([87, 87.33]);
    expect(landmarks[54]).toEqual([93, 93.33]);
    expect(landmarks[57]).toEqual([106, 106.33]);
    expect([visible[0], visible[36]]).toEqual([0, 1]);
  });
});
