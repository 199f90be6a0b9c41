import sharp from 'sharp';
import { writeFileAtomically } from './atomic-file.ts';
import {
  drawingPixels,
  type Picture,
  paste,
  pictureInCell,
  pictureSize,
  type Size,
} from './picture.ts';
import { fitStrokeText, strokeText, strokeTextWidth } from './stroke-text.ts';

/** Pictures that belong together, such as a render and its refined image. */
export interface ContactSheetItem {
  readonly pictures: readonly Picture[];
  /** Written below, cut to the item's width. */
  readonly label?: string;
}

export interface ContactSheet {
  readonly title?: string;
  /** What each picture of an item is, such as `['render', 'refined']`. */
  readonly captions?: readonly string[];
  /** Pictures of an item side by side (captions above) or below each other (captions left). */
  readonly arrangement?: 'columns' | 'rows';
  /** Where absent, as many as fit into 1600 pixels. */
  readonly itemsPerRow?: number;
  /** Factor for the pictures; where absent, the whole one that makes them at least 96 pixels. */
  readonly scale?: number;
  /** Size of every picture after scaling; where absent, that of the first. */
  readonly cell?: Size;
  /** Pixels between the pictures of an item; items are three times as far apart. */
  readonly gap?: number;
}

interface Layout {
  readonly cell: Size;
  readonly perItem: number;
  readonly itemsPerRow: number;
  readonly gap: number;
  readonly rows: boolean;
  readonly gutter: number;
  readonly item: Size;
  readonly width: number;
}

const background = '#ffffff';
const margin = 16;
const titleHeight = 12;
const captionHeight = 9;
const labelHeight = 7;
const labelBand = 18;
const preferredWidth = 1600;

async function planLayout(first: ContactSheetItem, sheet: ContactSheet): Promise<Layout> {
  const { captions = [], gap = 4, arrangement = 'columns' } = sheet;
  const size = await pictureSize(first.pictures[0]);
  const scale = sheet.scale ?? Math.max(1, Math.ceil(96 / Math.max(size.width, size.height)));
  const cell = sheet.cell ?? {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
  const perItem = first.pictures.length;
  const rows = arrangement === 'rows';
  const along = (length: number, count: number) => count * length + (count - 1) * gap;
  const item = {
    width: along(cell.width, rows ? 1 : perItem),
    height: along(cell.height, rows ? perItem : 1),
  };
  const widest = Math.max(0, ...captions.map((text) => strokeTextWidth(text, captionHeight)));
  const gutter = rows && widest > 0 ? Math.ceil(widest) + 12 : 0;
  const room = preferredWidth - 2 * margin - gutter;
  const fitting = Math.max(1, Math.floor((room + 3 * gap) / (item.width + 3 * gap)));
  const base = { cell, perItem, gap, rows, gutter, item };
  return withItemsPerRow(base, sheet.itemsPerRow ?? fitting, sheet.title);
}

function withItemsPerRow(base: Omit<Layout, 'itemsPerRow' | 'width'>, count: number, title = '') {
  const { item, gap, gutter } = base;
  const pictures = gutter + count * (item.width + 3 * gap) - 3 * gap;
  const heading = Math.min(strokeTextWidth(title, titleHeight), preferredWidth);
  const width = 2 * margin + Math.max(pictures, Math.ceil(heading));
  return { ...base, itemsPerRow: count, width };
}

function itemLeft(layout: Layout, index: number): number {
  return margin + layout.gutter + index * (layout.item.width + 3 * layout.gap);
}

/** Title and column captions above the pictures. */
async function headerBand(layout: Layout, sheet: ContactSheet, items: number): Promise<Buffer> {
  const { title, captions = [] } = sheet;
  const { cell, gap, rows, width } = layout;
  let y = margin;
  let body = '';
  if (title) {
    y += 13;
    const text = fitStrokeText(title, titleHeight, width - 2 * margin);
    body += strokeText(text, { x: margin, y, height: titleHeight, weight: 0.14 });
    y += 13;
  }
  if (!rows && captions.length > 0) {
    y += captionHeight + 2;
    for (let i = 0; i < Math.min(items, layout.itemsPerRow); i++) {
      for (const [k, caption] of captions.entries()) {
        const x = itemLeft(layout, i) + k * (cell.width + gap) + cell.width / 2;
        const text = fitStrokeText(caption, captionHeight, cell.width);
        body += strokeText(text, { x, y, height: captionHeight, anchor: 'middle' });
      }
    }
    y += 7;
  }
  return drawingPixels(body, { width, height: y }, background);
}

async function itemBand(
  layout: Layout,
  sheet: ContactSheet,
  items: readonly ContactSheetItem[],
): Promise<Buffer> {
  const { cell, gap, rows, item, width } = layout;
  const labelled = items.some(({ label }) => label);
  const height = item.height + (labelled ? labelBand : 0) + 3 * gap;
  let text = '';
  for (const [k, caption] of (rows ? (sheet.captions ?? []) : []).entries()) {
    const y = k * (cell.height + gap) + (cell.height + captionHeight) / 2;
    text += strokeText(caption, { x: margin, y, height: captionHeight });
  }
  for (const [i, { label }] of items.entries()) {
    if (!label) continue;
    const x = itemLeft(layout, i) + item.width / 2;
    const y = item.height + labelHeight + 5;
    const fitted = fitStrokeText(label, labelHeight, item.width);
    text += strokeText(fitted, { x, y, height: labelHeight, anchor: 'middle', color: '#555' });
  }
  const canvas = await drawingPixels(text, { width, height }, background);
  for (const [i, { pictures }] of items.entries()) {
    const cells = await Promise.all(
      pictures.map((picture) => pictureInCell(picture, cell, background)),
    );
    for (const [k, pixels] of cells.entries()) {
      const left = itemLeft(layout, i) + (rows ? 0 : k * (cell.width + gap));
      paste(canvas, width, pixels, { left, top: rows ? k * (cell.height + gap) : 0, ...cell });
    }
  }
  return canvas;
}

/**
 * Writes a PNG with items in a grid, `itemsPerRow` a row. Pictures are decoded a row at a time, so
 * that memory is that of the finished sheet however many there are.
 */
export async function writeContactSheet(
  path: string,
  items: Iterable<ContactSheetItem> | AsyncIterable<ContactSheetItem>,
  sheet: ContactSheet = {},
): Promise<Size> {
  let layout: Layout | undefined;
  let waiting: ContactSheetItem[] = [];
  let total = 0;
  const bands: Buffer[] = [];
  for await (const item of items) {
    layout ??= await planLayout(item, sheet);
    if (item.pictures.length !== layout.perItem) {
      throw new Error(`item ${total} has ${item.pictures.length} pictures, not ${layout.perItem}`);
    }
    total++;
    waiting.push(item);
    if (waiting.length === layout.itemsPerRow) {
      bands.push(await itemBand(layout, sheet, waiting));
      waiting = [];
    }
  }
  if (!layout) throw new Error('a contact sheet needs at least one item');
  // A sheet with less than one full row is only as wide as that.
  if (bands.length === 0) layout = withItemsPerRow(layout, waiting.length, sheet.title);
  if (waiting.length > 0) bands.push(await itemBand(layout, sheet, waiting));
  const header = await headerBand(layout, sheet, total);
  const pixels = Buffer.concat([header, ...bands]);
  const size = { width: layout.width, height: pixels.length / (3 * layout.width) };
  const png = await sharp(pixels, { raw: { ...size, channels: 3 } })
    .png()
    .toBuffer();
  await writeFileAtomically(path, png);
  return size;
}
