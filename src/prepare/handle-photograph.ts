import { dirname, join } from 'node:path';
import { type RandomKey, split } from '../base/random.ts';
import type { DecodedImage } from '../data/decode.ts';
import type { FaceTools } from '../faces/index.ts';
import { writeFileAtomically } from '../files/atomic-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { PrepareConfig } from './config.ts';
import type { FramingDraw } from './draw-framing.ts';
import { encodeCrop } from './encode-crop.ts';
import type { CropRecord, IndexEntry, IndexedFace, PrepareIndex } from './index-file.ts';
import type { DuplicateFinder } from './perceptual-hash.ts';
import { cropFaces, type DroppedFace, type FaceCrop } from './photograph.ts';

/** What the steps of one run share. */
export interface PrepareRun {
  readonly output: string;
  readonly directory: string;
  readonly config: PrepareConfig;
  readonly key: RandomKey;
  readonly tools: FaceTools;
  readonly draw: FramingDraw;
  readonly index: PrepareIndex;
  readonly duplicates: DuplicateFinder;
  readonly nameOf: (photograph: string, face: number) => string;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Writes the crops of a photograph; what is left to do is its line in the index. */
export async function handlePhotograph(
  run: PrepareRun,
  { source, fingerprint }: Pick<IndexEntry, 'source' | 'fingerprint'>,
  photograph: DecodedImage | string,
): Promise<IndexEntry> {
  if (typeof photograph === 'string') {
    const faces: IndexedFace[] = [{ dropped: 'unreadable', detail: photograph }];
    return { source, fingerprint, notes: [], faces };
  }
  const found = await cropFaces(photograph, { ...run, key: split(run.key, source) });
  const faces: IndexedFace[] = [];
  for (const [i, face] of found.entries()) {
    const keep = face.kind === 'dropped' ? face : dropDuplicate(run, source, face);
    if (keep.kind === 'dropped') {
      const { reason, detail } = keep;
      faces.push({ dropped: reason, ...(detail !== undefined && { detail }) });
      continue;
    }
    const record = recordOf(keep, source, run.nameOf(source, i));
    await writeCrop(run, record.file_name, keep);
    faces.push({ record, hash: keep.hash });
  }
  return { source, fingerprint, notes: [...photograph.notes], faces };
}

function dropDuplicate(run: PrepareRun, source: string, crop: FaceCrop): FaceCrop | DroppedFace {
  if (run.config.drop.duplicateBits < 0) return crop;
  const original = run.duplicates.find(crop.hash);
  if (original !== undefined)
    return { kind: 'dropped', reason: 'near-duplicate', detail: original };
  run.duplicates.add(crop.hash, source);
  return crop;
}

function recordOf(crop: FaceCrop, source: string, name: string): CropRecord {
  const { x, y, width, height } = crop.box;
  const [yaw, pitch, roll] = crop.pose.map((angle) => round(angle, 2));
  return {
    file_name: name,
    landmarks: crop.landmarks.map(([u, v]) => [round(u, 2), round(v, 2)] as const),
    pose: [yaw, pitch, roll],
    bbox: [round(x, 2), round(y, 2), round(width, 2), round(height, 2)],
    score: round(crop.score, 4),
    source,
    fill: round(crop.fill, 4),
    enlargement: round(crop.enlargement, 4),
    blur: round(crop.blur, 4),
  };
}

async function writeCrop(
  { output, config }: PrepareRun,
  name: string,
  crop: FaceCrop,
): Promise<void> {
  const path = join(output, name);
  const png = await encodeCrop(crop.pixels, { size: config.size, grayscale: config.grayscale });
  await makeFolder(dirname(path));
  await writeFileAtomically(path, png);
}
