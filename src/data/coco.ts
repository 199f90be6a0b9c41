import { posix } from 'node:path';
import { z } from 'zod';

const cocoSchema = z.object({
  images: z.array(z.object({ id: z.union([z.number(), z.string()]), file_name: z.string() })),
  annotations: z.array(
    z.object({
      image_id: z.union([z.number(), z.string()]),
      keypoints: z.array(z.number()).optional(),
    }),
  ),
});

/** The keypoints of one image: x, y pairs and, for each, whether it is visible (1) or not (0). */
export interface CocoKeypoints {
  readonly points: Float32Array;
  readonly visible: Uint8Array;
  /**
   * 0 for each point that nobody labelled, as COCO says it: 0, 0, 0; absent where all are labelled.
   */
  readonly labelled?: Uint8Array;
}

/** What a COCO file says: the images it lists, and the keypoints of those that have some. */
export interface CocoFile {
  readonly images: readonly string[];
  readonly keypoints: ReadonlyMap<string, CocoKeypoints>;
}

function splitTriples(triples: readonly number[], offset: number): CocoKeypoints {
  const count = Math.floor(triples.length / 3);
  const points = new Float32Array(2 * count);
  const visible = new Uint8Array(count);
  const labelled = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const triple = triples.slice(3 * i, 3 * i + 3);
    points[2 * i] = triple[0] + offset;
    points[2 * i + 1] = triple[1] + offset;
    visible[i] = triple[2] === 2 ? 1 : 0;
    labelled[i] = triple.some((value) => value !== 0) ? 1 : 0;
  }
  return { points, visible, ...(labelled.includes(0) && { labelled }) };
}

/**
 * Parses COCO keypoints JSON; `undefined` where the JSON is something else. Names are looked up
 * among `images`, relative to the file's folder first, then to the dataset's.
 *
 * Coordinates are pixels from the top-left corner of the top-left pixel. A file with none but whole
 * numbers counts pixel indices, as the published COCO files do, so 0.5 is added (Detectron2's
 * reading). Of several annotations of one image the first with keypoints counts.
 */
export function parseCoco(
  json: unknown,
  file: string,
  images: ReadonlySet<string>,
): CocoFile | undefined {
  const parsed = cocoSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const names = new Map<number | string, string>();
  for (const { id, file_name: name } of parsed.data.images) {
    const relative = posix.join(posix.dirname(file), name);
    const found = [relative, posix.normalize(name)].find((candidate) => images.has(candidate));
    if (found !== undefined) names.set(id, found);
  }
  const { annotations } = parsed.data;
  const whole = annotations.every(({ keypoints }) => keypoints?.every(Number.isInteger) ?? true);
  const keypoints = new Map<string, CocoKeypoints>();
  for (const annotation of annotations) {
    const name = names.get(annotation.image_id);
    if (name === undefined || keypoints.has(name) || !annotation.keypoints?.length) continue;
    keypoints.set(name, splitTriples(annotation.keypoints, whole ? 0.5 : 0));
  }
  return { images: [...names.values()], keypoints };
}
