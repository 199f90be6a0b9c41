import { z } from 'zod';
import type { TrainConfig } from './config.ts';
import { createPartRefiner, partDiscriminatorName, smallestSide } from './networks.ts';
import type { Refuse } from './refuse.ts';

const defaultPartSide = 32;

/** Networks of their own for both eyes, nose and mouth. */
export const partsSchema = z
  .strictObject({
    refiner: z
      .boolean()
      .default(false)
      .describe(
        'Local pathways for both eyes, nose and mouth, of the refiner’s architecture, where the landmarks of the renders put them; the exported file finds them by a landmark network inside.',
      ),
    discriminator: z
      .boolean()
      .default(false)
      .describe(
        'A discriminator of each part beside that of the whole image: of its architecture (patch for those of several scales), without feature maps, augmentation and history.',
      ),
    side: z
      .int()
      .min(8)
      .max(512)
      .default(defaultPartSide)
      .describe('Pixels of the squares that these networks see the parts as.'),
  })
  .prefault({});

/** Refuses values of which one would do nothing, and squares that the networks cannot take. */
export function checkParts(config: TrainConfig, refuse: Refuse): void {
  const { parts, cycle } = config;
  if (!parts.refiner && !parts.discriminator) {
    if (parts.side !== defaultPartSide) {
      refuse(
        'parts.side',
        `${defaultPartSide} where parts.refiner and parts.discriminator are off`,
      );
    }
    return;
  }
  if (cycle.direction === 'both') {
    refuse('cycle.direction', 'forward where parts.refiner or parts.discriminator is on');
  }
  const { multipleOf = 1 } = createPartRefiner(config);
  if (parts.refiner && parts.side % multipleOf !== 0) {
    refuse('parts.side', `a multiple of ${multipleOf} for this refiner`);
  }
  const smallest = smallestSide(partDiscriminatorName(config));
  if (parts.discriminator && parts.side < smallest) {
    refuse('parts.side', `at least ${smallest} for the discriminator of the parts`);
  }
}

/** Whether the landmarks of the renders say where parts are that have networks of their own. */
export function needsLandmarks({ parts }: TrainConfig): boolean {
  return parts.refiner || parts.discriminator;
}
