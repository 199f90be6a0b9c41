import { z } from 'zod';

const share = (value: number) => z.number().min(0).max(1).default(value);

/**
 * When a refined image counts as having lost its label. Lengths are fractions, so that they hold
 * for every image size; the measured noise of the landmark network decides `landmarkDrift`.
 */
export const verificationSchema = z
  .strictObject({
    landmarkDrift: z
      .union([z.literal('auto'), z.number().min(0).max(10)])
      .default('auto')
      .describe(
        'Largest mean landmark drift as a fraction of the distance between the eyes; auto: twice the 95th percentile of the noise floor, within 0.04 … 0.1.',
      ),
    identityCosine: z
      .number()
      .min(-1)
      .max(1)
      .default(0.92)
      .describe('Smallest cosine of the identity embeddings; strangers reach 0.9, one face 0.98.'),
    faceScore: share(0.3).describe(
      'Smallest detector score of the refined face; half of the input’s where that is less.',
    ),
    shift: share(0.01).describe('Largest shift of the whole image, of its longer side.'),
    alignment: share(0.5).describe('Smallest correlation of the image gradients.'),
    edgeStrength: share(0.3).describe('Smallest strength of the edges, of that of the input.'),
    edgeDisplacement: share(0.02).describe(
      'Largest displacement of eye, lip and brow edges off their masks, of the longer side.',
    ),
    edgeCorrelation: share(0.4).describe('Smallest likeness of eye, lip and brow edges.'),
    complexionShift: z
      .number()
      .min(0)
      .max(180)
      .default(20)
      .describe('Largest shift of the typology angle (ITA) of the skin, degrees.'),
    lightnessShift: z
      .number()
      .min(0)
      .max(100)
      .default(15)
      .describe('Largest shift of the skin lightness L*; what complexion is in grey images.'),
    noiseFloorImages: z
      .int()
      .min(1)
      .max(10_000)
      .default(48)
      .describe('Images the noise floor is measured on.'),
  })
  .prefault({});

export type VerificationConfig = z.output<typeof verificationSchema>;
