import { z } from 'zod';

/** Distances between sets of fewer images mean nothing. */
export const fewestValidationImages = 10;

/** Which refiner of a run is exported. */
export const selectionSchema = z
  .strictObject({
    every: z
      .int()
      .min(0)
      .max(1e9)
      .default(0)
      .describe(
        'Iterations between measurements of the refiner on images that no step trains on; the best is exported. 0: the last is.',
      ),
    images: z
      .int()
      .min(fewestValidationImages)
      .max(100_000)
      .default(128)
      .describe('Renders, and photographs, that it is measured on at most.'),
    holdOut: z
      .number()
      .gt(0)
      .max(0.5)
      .default(0.1)
      .describe(
        'Share of each set that is held out for it, by a hash of the name; images of one identity in the metadata go with the first of them.',
      ),
    driftLimit: z
      .number()
      .positive()
      .max(1000)
      .default(1)
      .describe(
        'Largest mean landmark drift of the exported refiner, as a multiple of the noise floor.',
      ),
  })
  .prefault({});
