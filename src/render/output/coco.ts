import type { Annotation } from './annotation.ts';

/** Names of the 68 keypoints, by feature and in iBUG order. */
const features = [
  ['jaw', 17],
  ['right_brow', 5],
  ['left_brow', 5],
  ['nose', 9],
  ['right_eye', 6],
  ['left_eye', 6],
  ['outer_lip', 12],
  ['inner_lip', 8],
] as const;

const keypoints = features.flatMap(([name, count]) =>
  Array.from({ length: count }, (_, i) => `${name}_${i + 1}`),
);

/** Collects annotations as COCO keypoints; visibility 2 seen, 1 hidden, 0 outside the image. */
export function createCoco(size: number) {
  const images: object[] = [];
  const annotations: object[] = [];
  return {
    add(annotation: Annotation): void {
      const id = images.length + 1;
      const inside = ([x, y]: readonly [number, number]) =>
        x >= 0 && y >= 0 && x < size && y < size;
      const visibility = (point: readonly [number, number], i: number) => {
        if (!inside(point)) return 0;
        return annotation.landmarks_visible[i] ? 2 : 1;
      };
      images.push({ id, file_name: annotation.file_name, width: size, height: size });
      annotations.push({
        id,
        image_id: id,
        category_id: 1,
        bbox: annotation.bbox,
        area: annotation.bbox[2] * annotation.bbox[3],
        iscrowd: 0,
        num_keypoints: annotation.landmarks.filter(inside).length,
        keypoints: annotation.landmarks.flatMap((point, i) => [...point, visibility(point, i)]),
      });
    },
    json(): string {
      const categories = [
        { id: 1, name: 'face', supercategory: 'person', keypoints, skeleton: [] },
      ];
      return JSON.stringify({ images, annotations, categories });
    },
  };
}
