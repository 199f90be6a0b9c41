import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { longestSide } from './pictures.ts';
import { type BrowserPage, openPage } from './testing/browser-page.ts';
import { type Chromium, findChromium, startChromium } from './testing/chromium.ts';
import { madeUpReport, noisePictures, renderPictures } from './testing/made-up-report.ts';

test('the report of 1,000 images is under 10 MB, even if every picture is noise', async () => {
  const page = await madeUpReport(1000, await noisePictures(longestSide));
  expect(page.match(/<div class="slider">/g)).toHaveLength(48);
  expect(page).toMatch(/Pictures of 4\d of 1000 pairs follow/);
  expect(Buffer.byteLength(page)).toBeGreaterThan(1e6);
  expect(Buffer.byteLength(page)).toBeLessThan(10e6);
});

const path = findChromium();
if (path === undefined) {
  console.warn('The report is not opened in a browser: no chromium or google-chrome in the PATH.');
}

describe.skipIf(path === undefined)('the report in Chromium, from disk', () => {
  let folder: string;
  let chromium: Chromium;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'report-page-'));
    const file = join(folder, 'report.html');
    await writeFile(file, await madeUpReport(40, await renderPictures()));
    url = pathToFileURL(file).href;
    chromium = await startChromium(path ?? '');
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true });
  });

  const desktop = { width: 1280, height: 900, mobile: false };
  const phone = { width: 390, height: 844, mobile: true };

  describe.each([
    ['desktop', desktop],
    ['phone', phone],
    ['dark phone', { ...phone, dark: true }],
  ])('on a %s', (_, screen) => {
    let page: BrowserPage;
    const count = (selector: string) =>
      page.evaluate<number>(`document.querySelectorAll('${selector}').length`);
    /** Values of an expression of `e`, one for each element that is seen. */
    const ofEach = <Value>(selector: string, expression: string) =>
      page.evaluate<Value[]>(
        `[...document.querySelectorAll('${selector}')].filter(e=>e.checkVisibility()).map(e=>${expression})`,
      );

    beforeAll(async () => {
      page = await openPage(chromium, url, screen);
    });

    test('loads without an error and without asking for anything else', () => {
      expect(page.errors).toEqual([]);
      expect(page.requests[0]).toBe(url);
      expect(page.requests.slice(1).filter((asked) => !asked.startsWith('data:'))).toEqual([]);
    });

    test('is not wider than the window', async () => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        screen.width,
      );
      expect(await page.evaluate('innerWidth')).toBe(screen.width);
    });

    test('can be read: letters are large enough and stand out from the ground', async () => {
      const ground = luminance(
        await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      );
      const style = 'getComputedStyle(e)';
      for (const text of ['h1', 'p', 'td', 'th', 'small', 'figcaption', 'li', '.tag']) {
        const sizes = await ofEach<number>(text, `parseFloat(${style}.fontSize)`);
        expect(Math.min(...sizes), text).toBeGreaterThanOrEqual(12);
        const [color] = await ofEach<string>(text, `${style}.color`);
        expect(contrast(luminance(color), ground), text).toBeGreaterThan(4.5);
      }
      const scale = 'e.ownerSVGElement.getBoundingClientRect().width/420';
      const sizes = await ofEach<number>('.plot text', `parseFloat(${style}.fontSize)*${scale}`);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
    });

    test('has the verdict first, then numbers, pictures and distributions', async () => {
      expect(await page.evaluate('document.querySelector("main").innerText')).toMatch(
        /^Refinement closed \d+\s%/,
      );
      const headings = await ofEach<string>('h2', 'e.textContent');
      expect(headings).toEqual([
        'Realism',
        'Labels',
        'Complexion',
        'Usefulness: landmarks',
        'Before and after',
        'Worst by drift',
        'Best by drift',
        'Rejected',
        'Distributions',
        'How it was measured',
      ]);
      expect(await count('table')).toBe(4);
      expect(await count('.plot')).toBe(8);
      expect(await count('.grid .slider')).toBe(24 + 8 + 8 + 4);
      const widths = await ofEach<number>('.slider img', 'e.complete?e.naturalWidth:0');
      expect(new Set(widths)).toEqual(new Set([64]));
      const inRow = new Set(await ofEach<number>('.slider', 'e.getBoundingClientRect().left'));
      expect(inRow.size).toBe(screen === desktop ? 4 : 2);
    });

    test('uncovers the refined image up to where the slider is dragged', async () => {
      await page.evaluate('document.querySelector(".slider").scrollIntoView({block:"center"})');
      const [left, top, width, height] = await page.evaluate<[number, number, number, number]>(
        '(b=>[b.left,b.top,b.width,b.height])(document.querySelector(".slider").getBoundingClientRect())',
      );
      const at = (share: number) => [left + share * width, top + height / 2] as const;
      await page.drag(at(0.5), at(0.8));
      const [first, second] = await ofEach<string>('.after', 'getComputedStyle(e).clipPath');
      expect(clippedShare(first)).toBeCloseTo(0.8, 1);
      expect(clippedShare(second)).toBe(0.5);
      await page.drag(at(0.8), at(0));
      const line = 'parseFloat(getComputedStyle(e,"::after").left)';
      expect((await ofEach<number>('.slider', line))[0]).toBeCloseTo(0, 1);
    });

    test('moves every slider at once', async () => {
      await page.evaluate(
        '(s=>{s.value=25;s.dispatchEvent(new Event("input",{bubbles:true}))})(document.querySelector("#all"))',
      );
      const clips = await ofEach<string>('.after', 'getComputedStyle(e).clipPath');
      expect(new Set(clips.map(clippedShare))).toEqual(new Set([0.25]));
    });

    test('draws the landmarks of both images, and takes them away', async () => {
      const faces = await count('.slider svg');
      expect(faces).toBeGreaterThan(30);
      for (const kind of ['found-before', 'found-after']) {
        const shown = await ofEach<number>(`.slider .${kind}`, 'e.getBoundingClientRect().width');
        expect(shown).toHaveLength(68 * faces);
        expect(Math.min(...shown)).toBeGreaterThan(1);
      }
      await page.evaluate('document.querySelector("#landmarks").click()');
      expect(await ofEach('.slider circle', '1')).toEqual([]);
    });
  });
});

/** The share of an image that `inset(0 0 0 n%)` hides, from the left. */
function clippedShare(clipPath: string): number {
  return Number(/([\d.]+)%\)$/.exec(clipPath)?.[1]) / 100;
}

/** Relative luminance of `rgb(…)` (WCAG 2.2). */
function luminance(color: string): number {
  const [r, g, b] = (color.match(/[\d.]+/g) ?? []).map((text) => {
    const value = Number(text) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 1 … 21 (WCAG 2.2); 4.5 is readable. */
function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
