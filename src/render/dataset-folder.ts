import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../base/user-error.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { readJsonLines } from '../files/jsonl.ts';
import { imageStem } from './output/annotation.ts';
import type { RenderConfig } from './scene/config.ts';

/** What must be equal for a run to continue another. */
export interface RenderSettings {
  readonly seed: number;
  readonly size: number;
  readonly grayscale: boolean;
  readonly imagesPerIdentity: number;
  readonly depth: boolean;
  readonly normals: boolean;
  readonly config: RenderConfig;
}

export const reportFolder = '_report';
export const metadataName = 'metadata.jsonl';
const settingsName = join(reportFolder, 'settings.json');

async function readSettings(folder: string): Promise<RenderSettings | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, settingsName), 'utf8')) as RenderSettings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(
      `Expected the settings of a rendered set in ${join(folder, settingsName)}, got something else. Do render into another folder.`,
    );
  }
}

function refuseOtherSettings(folder: string, found: RenderSettings, wanted: RenderSettings): void {
  for (const key of Object.keys(wanted) as (keyof RenderSettings)[]) {
    if (isDeepStrictEqual(found[key], wanted[key])) continue;
    const show = (value: unknown) => JSON.stringify(value).slice(0, 60);
    const detail =
      key === 'config' ? '' : ` (${show(found[key])} there, ${show(wanted[key])} here)`;
    throw new UserError(
      `Expected the settings that ${folder} was rendered with, got another ${key}${detail}. Do repeat them to continue that set, or render into another folder.`,
    );
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(join(folder, reportFolder), { recursive: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UserError(
      `Expected a folder to write images into, got ${folder} (${reason}). Do choose one that can be written.`,
    );
  }
}

async function isOccupied(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => !name.startsWith('.'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') {
      throw new UserError(`Expected a folder for images, got the file ${folder}. Do name another.`);
    }
    throw error;
  }
}

/** The number of leading images of which line and files are there. */
async function completeLines(folder: string): Promise<string[]> {
  const lines = await readJsonLines(join(folder, metadataName));
  const complete: string[] = [];
  for (const [index, { text, value }] of lines.entries()) {
    const stem = imageStem(index);
    if ((value as { file_name?: string }).file_name !== `${stem}.png`) break;
    try {
      await stat(join(folder, `${stem}.png`));
      await stat(join(folder, `${stem}.parts.png`));
    } catch {
      break;
    }
    complete.push(text);
  }
  return complete;
}

/**
 * Makes a folder ready for images: a new one gets its settings, one of the same settings is
 * continued. Returns how many images it already holds.
 *
 * @throws {UserError} for a folder with other content or settings, or one that cannot be written.
 */
export async function openDatasetFolder(folder: string, settings: RenderSettings): Promise<number> {
  if (await isOccupied(folder)) {
    const found = await readSettings(folder);
    if (found === undefined) {
      throw new UserError(
        `Expected an empty folder or one to continue, got ${folder} with other files. Do choose another.`,
      );
    }
    refuseOtherSettings(folder, found, settings);
    const complete = await completeLines(folder);
    const content = complete.map((line) => `${line}\n`).join('');
    await writeFileAtomically(join(folder, metadataName), content);
    return complete.length;
  }
  await makeFolder(folder);
  try {
    await writeFileAtomically(join(folder, settingsName), `${JSON.stringify(settings, null, 2)}\n`);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UserError(
      `Expected a folder to write images into, got ${folder} (${reason}). Do choose one that can be written.`,
    );
  }
  return 0;
}
