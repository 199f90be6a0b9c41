import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fitStrokeText, strokeText, strokeTextWidth } from './stroke-text.ts';

/** The box of dark pixels that a text leaves on white. */
async function inkBox(body: string, width: number, height: number) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${body}</svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const box = { left: width, top: height, right: -1, bottom: -1 };
  for (let i = 0; i < data.length; i++) {
    if (data[i] > 128) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

describe('strokeText', () => {
  it('draws paths only, so that no font is needed and no markup gets in', () => {
    const body = strokeText('<a & "b">', { x: 0, y: 10, height: 10 });
    expect(body).not.toMatch(/<text|&|"b"|<a/);
  });

  it('has the height and width it says', async () => {
    const box = await inkBox(strokeText('HOH', { x: 20, y: 60, height: 28 }), 200, 80);
    const halfStroke = (28 * 0.115) / 2;
    const expected = {
      left: 20 - halfStroke,
      right: 20 + strokeTextWidth('HOH', 28) + halfStroke,
      top: 32 - halfStroke,
      bottom: 60 + halfStroke,
    };
    for (const side of ['left', 'right', 'top', 'bottom'] as const) {
      expect(Math.abs(box[side] - expected[side])).toBeLessThan(1.5);
    }
  });

  it('ends at its anchor', async () => {
    const at = { x: 150, y: 60, height: 28 } as const;
    const box = await inkBox(strokeText('HOH', { ...at, anchor: 'end' }), 200, 80);
    expect(Math.abs(box.right - 150)).toBeLessThan(3);
    const middle = await inkBox(strokeText('HOH', { ...at, x: 100, anchor: 'middle' }), 200, 80);
    expect(Math.abs((middle.left + middle.right) / 2 - 100)).toBeLessThan(1.5);
  });

  it('keeps digits equally wide and draws letters with accents without them', () => {
    expect(strokeTextWidth('1111', 10)).toBe(strokeTextWidth('8888', 10));
    expect(strokeTextWidth('é', 10)).toBe(strokeTextWidth('e', 10));
    expect(strokeText('漢', { x: 0, y: 0, height: 10 })).toContain('d="M0-14H7V0H0Z"');
  });

  it('has a glyph for every printable ASCII character', () => {
    const box = strokeText('漢', { x: 0, y: 0, height: 14 });
    for (let code = 33; code < 127; code++) {
      const drawn = strokeText(String.fromCharCode(code), { x: 0, y: 0, height: 14 });
      expect(drawn).toContain('<path');
      expect(drawn).not.toBe(box);
    }
  });
});

describe('fitStrokeText', () => {
  it('cuts only what is too wide', () => {
    const width = strokeTextWidth('000123.png', 8);
    expect(fitStrokeText('000123.png', 8, width)).toBe('000123.png');
    const cut = fitStrokeText('a very long name.png', 8, width);
    expect(cut).toMatch(/^a very.*…$/);
    expect(strokeTextWidth(cut, 8)).toBeLessThanOrEqual(width);
  });
});
