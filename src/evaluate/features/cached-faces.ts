import type { Detection, FaceTools } from '../../faces/index.ts';
import {
  chooseFace,
  describeFace,
  type FindFace,
  type InputFace,
  leastScore,
} from '../../refine/verification/face.ts';
import { type ContentCache, hashOf } from './content-cache.ts';

/** Changes with whatever changes what is found. */
const facesVersion = 'faces 2';

/** What is kept of an image: its detections, and the face with the best score, described. */
interface KeptFaces {
  readonly detections: readonly Detection[];
  readonly best?: Omit<InputFace, 'embedding'> & { readonly embedding: readonly number[] };
}

/**
 * Finds the face of an image, or remembers it where the same pixels were seen before: the labels of
 * a render and its place in the face space ask for the same face, and so does the next evaluation.
 */
export function cachedFaceFinder(tools: FaceTools, cache: ContentCache): FindFace {
  return async (image, truth) => {
    const content = [`${image.width} × ${image.height}`, hashOf(image.pixels)];
    const bytes = await cache.remember(facesVersion, content, async () => {
      const detections = await tools.detect(image, { minimumScore: leastScore });
      const [chosen] = detections;
      const found = chosen && (await describeFace(tools, image, { chosen, detections }));
      const best = found && { ...found, embedding: [...found.embedding] };
      return Buffer.from(JSON.stringify({ detections, ...(best && { best }) } satisfies KeptFaces));
    });
    const { detections, best } = JSON.parse(Buffer.from(bytes).toString('utf8')) as KeptFaces;
    const chosen = chooseFace(detections, truth);
    if (chosen === undefined) return undefined;
    if (chosen === detections[0] && best !== undefined) {
      return { ...best, embedding: Float32Array.from(best.embedding) };
    }
    return describeFace(tools, image, { chosen, detections });
  };
}
