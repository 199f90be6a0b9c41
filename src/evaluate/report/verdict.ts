import type { Evaluation } from '../evaluate-sets.ts';
import { percent, significant } from './format.ts';

/** How a report reads at a glance. */
export interface VerdictText {
  readonly tone: 'good' | 'mixed' | 'bad';
  /** One sentence. */
  readonly headline: string;
  /** What it rests on, a sentence each. */
  readonly grounds: readonly string[];
}

/** The share of images that have to keep their label, of those that could be verified. */
const enoughAccepted = 0.95;
/** The share of images that may be unverifiable where a set is said to keep its labels. */
const mostUnverifiable = 0.2;

/** What the numbers say, in words: realism by the kernel distance on Inception, and the labels. */
export function verdictOf(evaluation: Evaluation): VerdictText {
  const realism = realismOf(evaluation);
  const labels = labelsOf(evaluation);
  const tone = realism.good && labels.good ? 'good' : realism.bad || labels.bad ? 'bad' : 'mixed';
  const joint = realism.good === labels.good ? ', and ' : ', but ';
  return {
    tone,
    headline: `${realism.headline}${joint}${labels.headline}.`,
    grounds: [...realism.grounds, ...labels.grounds],
  };
}

interface Finding {
  readonly good: boolean;
  readonly bad: boolean;
  readonly headline: string;
  readonly grounds: readonly string[];
}

function realismOf({ realism }: Evaluation): Finding {
  const [main] = realism;
  if (main === undefined) {
    return { good: false, bad: false, headline: 'Realism could not be measured', grounds: [] };
  }
  const { synthetic, refined, real, gapClosed } = main.kernel;
  const distances = `Kernel distance to the photographs on ${main.space.name}: renders ${significant(synthetic.value)}, refined ${significant(refined.value)}, photographs among themselves ${significant(real.value)}.`;
  if (gapClosed === undefined) {
    const headline =
      'The renders can hardly be told from the photographs, so there is no gap to close';
    return { good: false, bad: false, headline, grounds: [distances] };
  }
  const share = percent(gapClosed.value);
  const range = `${percent(gapClosed.low)} to ${percent(gapClosed.high)}`;
  const grounds = [distances, `Share of the gap that is closed: ${share}, 95 % interval ${range}.`];
  if (gapClosed.low > 0) {
    return {
      good: true,
      bad: false,
      headline: `Refinement closed ${share} of the gap to the photographs`,
      grounds,
    };
  }
  if (gapClosed.high < 0) {
    const headline = `Refinement led away from the photographs: the gap grew by ${percent(-gapClosed.value)}`;
    return { good: false, bad: true, headline, grounds };
  }
  const headline = `Refinement did not measurably close the gap to the photographs (${share}, interval ${range})`;
  return { good: false, bad: false, headline, grounds };
}

function labelsOf({ labels, records }: Evaluation): Finding {
  const { accepted, rejected, unverifiable, landmarkDriftPixels: drift } = labels;
  const verified = accepted + rejected;
  const good =
    accepted >= enoughAccepted * Math.max(verified, 1) &&
    unverifiable <= mostUnverifiable * records.length &&
    (drift === undefined || drift.low <= drift.noiseFloor);
  const unknown = unverifiable > 0 ? `, ${unverifiable} could not be verified` : '';
  const held =
    verified === 0
      ? `not one of ${records.length} labels could be verified`
      : `${accepted} of ${records.length} images kept their label${unknown}`;
  const grounds = [
    `${accepted} accepted, ${rejected} rejected, ${unverifiable} unverifiable (no face found in the render; judged by edges and masks alone).`,
  ];
  if (drift !== undefined) {
    grounds.push(
      `Mean landmark drift ${significant(drift.mean)} pixels; the landmark network’s own noise floor is ${significant(drift.noiseFloor)}.`,
    );
  }
  return { good, bad: rejected > records.length / 2, headline: held, grounds };
}
