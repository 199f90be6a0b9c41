import type { Annotation } from './annotation.ts';

export interface NumberSummary {
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  /** 5th, 25th, 50th, 75th and 95th percentile. */
  readonly percentiles: readonly number[];
  readonly max: number;
}

/** What a set really contains, against what its distributions asked for. */
export interface Distribution {
  readonly images: number;
  readonly identities: number;
  readonly numbers: Readonly<Record<string, NumberSummary>>;
  /** Share of the images by kind. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

/** Quantities of an image, and the kinds it belongs to. */
function describe(annotation: Annotation, size: number) {
  const { identity, hair, clothing, camera, light, background, expression } = annotation.parameters;
  const [r, g, b] = identity.skinColor;
  const seen = annotation.landmarks_visible.reduce<number>((sum, value) => sum + value, 0);
  const closure = expression['eye-left-closure'] ?? 0;
  return {
    numbers: {
      yaw: annotation.pose[0],
      pitch: annotation.pose[1],
      roll: annotation.pose[2],
      boxHeightShare: annotation.bbox[3] / size,
      boxCentreX: (annotation.bbox[0] + annotation.bbox[2] / 2) / size,
      boxCentreY: (annotation.bbox[1] + annotation.bbox[3] / 2) / size,
      visibleLandmarks: seen,
      age: identity.age,
      male: identity.sex,
      african: identity.ancestry.african,
      asian: identity.ancestry.asian,
      caucasian: identity.ancestry.caucasian,
      weight: identity.weight,
      muscle: identity.muscle,
      skinLuminance: 0.2126 * r + 0.7152 * g + 0.0722 * b,
      distance: camera.distance,
      keyElevation: (Math.asin(light.keyDirection[1]) * 180) / Math.PI,
      keyAzimuth: (Math.atan2(light.keyDirection[0], light.keyDirection[2]) * 180) / Math.PI,
      exposure: light.exposure,
      smile: expression['mouth-corner-puller'] ?? 0,
      mouthOpen: expression['mouth-open'] ?? 0,
    },
    kinds: {
      hair: hair?.style ?? 'none',
      clothing: clothing?.item ?? 'none',
      background: background.kind,
      iris: identity.iris,
      skin: identity.skin,
      eyes: closure > 0.8 ? 'closed' : 'open',
    },
  };
}

function summarize(values: readonly number[]): NumberSummary {
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const at = (share: number) => rounded(sorted[Math.round(share * (sorted.length - 1))]);
  return {
    mean: rounded(mean),
    deviation: rounded(Math.sqrt(variance)),
    min: at(0),
    percentiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(at),
    max: at(1),
  };
}

/** Collects annotations and reports how their parameters are distributed. */
export function createDistribution(size: number) {
  const identities = new Set<number>();
  const numbers = new Map<string, number[]>();
  const kinds = new Map<string, Map<string, number>>();
  let images = 0;
  return {
    add(annotation: Annotation): void {
      images++;
      identities.add(annotation.identity);
      const described = describe(annotation, size);
      for (const [name, value] of Object.entries(described.numbers)) {
        const values = numbers.get(name) ?? [];
        numbers.set(name, values);
        values.push(value);
      }
      for (const [name, kind] of Object.entries(described.kinds)) {
        const counts = kinds.get(name) ?? new Map<string, number>();
        kinds.set(name, counts.set(kind, (counts.get(kind) ?? 0) + 1));
      }
    },
    result(): Distribution {
      const shares = [...kinds].map(([name, counts]) => {
        const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
        return [name, Object.fromEntries(sorted.map(([kind, n]) => [kind, rounded(n / images)]))];
      });
      return {
        images,
        identities: identities.size,
        numbers: Object.fromEntries([...numbers].map(([name, v]) => [name, summarize(v)])),
        shares: Object.fromEntries(shares),
      };
    },
  };
}
