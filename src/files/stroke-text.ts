import { capitalHeight, type Glyph, glyphs, missingGlyph } from './stroke-glyphs.ts';

/**
 * Text as strokes. A server or a container often has no fonts, and librsvg then draws boxes or
 * nothing at all, so pictures that must be readable everywhere bring their letters along.
 */
export interface StrokeText {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  /** Height of capitals in pixels. */
  readonly height: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly color?: string;
  /** Stroke width as a part of the height. */
  readonly weight?: number;
  /** Degrees, clockwise around (x, y). */
  readonly angle?: number;
}

/** Space between the ink of two glyphs, in glyph units. */
const tracking = 3.8;

function glyphOf(character: string): Glyph {
  return Object.hasOwn(glyphs, character) ? glyphs[character] : missingGlyph;
}

/** Characters without a glyph lose their accents: “é” is drawn as “e”. */
function characters(text: string): string[] {
  return [...text].map((character) =>
    Object.hasOwn(glyphs, character) ? character : (character.normalize('NFD').at(0) ?? character),
  );
}

/** The width of a text in pixels for a height of capitals in pixels. */
export function strokeTextWidth(text: string, height: number): number {
  const widths = characters(text).map((character) => glyphOf(character)[0] + tracking);
  const units = widths.reduce((sum, width) => sum + width, 0);
  return (Math.max(0, units - tracking) * height) / capitalHeight;
}

/** Cuts a text to a width in pixels, ending in “…” where something is left out. */
export function fitStrokeText(text: string, height: number, width: number): string {
  if (strokeTextWidth(text, height) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && strokeTextWidth(`${letters.join('')}…`, height) > width) {
    letters.pop();
  }
  return `${letters.join('').trimEnd()}…`;
}

const round = (value: number) => Number(value.toFixed(2));

/** The text as an SVG fragment without `<text>` elements. */
export function strokeText(text: string, options: StrokeText): string {
  const { x, y, height, anchor = 'start', color = '#222', weight = 0.115, angle = 0 } = options;
  const scale = height / capitalHeight;
  const width = strokeTextWidth(text, height);
  const shift = anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width;
  let pen = -shift / scale;
  const paths = characters(text).map((character) => {
    const [glyphWidth, strokes] = glyphOf(character);
    const path = strokes && `<path transform="translate(${round(pen)})" d="${strokes}"/>`;
    pen += glyphWidth + tracking;
    return path;
  });
  const turn = angle === 0 ? '' : ` rotate(${angle})`;
  const place = `translate(${round(x)} ${round(y)})${turn} scale(${scale.toFixed(4)})`;
  const pencil = `stroke="${color}" stroke-width="${round(weight * capitalHeight)}"`;
  return `<g transform="${place}" fill="none" ${pencil} stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g>`;
}
