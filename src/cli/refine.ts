import { resolve } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import { dottedLeaves } from '../base/plain-tree.ts';
import { UserError } from '../base/user-error.ts';
import { type RefineConfig, refineConfig, refineConfigSchema } from '../refine/config.ts';
import type { OutputNote } from '../refine/dataset-writer.ts';
import type { RefineEvent, RefineOutcome } from '../refine/refine.ts';
import type { VerifiedSet } from '../refine/verification/verify-refined.ts';
import { devices } from '../runtime/device.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { countingBar } from './counting-bar.ts';
import { folder, number, oneOf, text, toggle } from './flags.ts';
import { selectedText } from './selection-text.ts';

/** Shows events as progress and log lines; gives the outcome. */
export async function followRefinement(
  work: AsyncGenerator<RefineEvent, RefineOutcome>,
  { progress, log }: Pick<CommandContext, 'progress' | 'log'>,
): Promise<RefineOutcome> {
  let bar: ReturnType<typeof progress.start> | undefined;
  for (;;) {
    const { done, value } = await work.next();
    if (done) {
      bar?.end();
      return value;
    }
    if (value.kind === 'start') {
      const { total } = value;
      const { selected } = value.model;
      if (selected) log(selectedText(selected));
      if (value.done > 0) log(`${value.done} of ${total} images were refined earlier.`);
      if (value.done === total) continue;
      bar = progress.start('Refining', { unit: 'images', total, done: value.done });
    } else if (value.kind === 'progress') {
      bar?.update(value.done);
    } else if (value.kind === 'skipped') {
      log(`${value.name} ${value.reason}; left out`);
    } else {
      log(value.message);
    }
  }
}

const noteTexts: Readonly<Record<OutputNote, string>> = {
  alpha: 'have an alpha channel, which is copied',
  '16-bit': 'had 16 bits a sample and have 8 now',
  cmyk: 'were CMYK and are RGB now',
  grey: 'are grey',
  'exif-rotated': 'are stored upright now instead of with an EXIF rotation',
  'colour-to-luma': 'were coloured and are grey now: the model has one channel',
  'jpeg-quality-95': 'are JPEG, written at quality 95, 4:4:4',
  'webp-lossless': 'are WebP, written without loss',
};

type RefineResult = RefineOutcome & {
  readonly out: string;
  readonly verification?: VerifiedSet;
};

function reportOf(result: RefineResult): string {
  const { outcome, out, written, earlier, skipped, notes, meanAbsoluteChange } = result;
  const lines = Object.entries(notes).map(
    ([note, count]) => `${count} image(s) ${noteTexts[note as OutputNote]}.`,
  );
  const [first] = skipped;
  if (first !== undefined) {
    lines.push(`${skipped.length} image(s) left out, first ${first.name} (${first.reason}).`);
  }
  if (meanAbsoluteChange !== undefined) {
    lines.push(`Mean change: ${(127.5 * meanAbsoluteChange).toFixed(1)} of 255 grey levels.`);
  }
  const counts = `${written} images${earlier > 0 ? ` (and ${earlier} earlier)` : ''}`;
  lines.push(
    outcome === 'finished'
      ? `Refined ${counts} into ${out}; what was measured is in refinement.jsonl.`
      : `Interrupted after ${counts} in ${out}. The same command goes on from there.`,
  );
  if (result.verification !== undefined) {
    const { accepted, rejected, unverifiable, open } = result.verification;
    lines.push(
      `Verified: ${accepted} accepted, ${rejected} rejected${rejected > 0 ? ` (in ${out}/rejected)` : ''}, ${unverifiable} unverifiable${open > 0 ? `, ${open} left for a later run` : ''}.`,
    );
  }
  return lines.join('\n');
}

/** Without verification its thresholds would be ignored. */
function refuseThresholds({ verification }: RefineConfig): void {
  const usual = new Map(dottedLeaves(refineConfig().verification));
  for (const [key, value] of dottedLeaves(verification)) {
    if (usual.get(key) === value) continue;
    throw new UserError(
      `Expected --verify beside verification.${key}, got none. Give --verify, or leave out the key.`,
    );
  }
}

export const refineCommand = defineCommand({
  name: 'refine',
  summary: 'Refines a folder of images into another, with its annotations.',
  flags: {
    model: text({ description: 'run folder or ONNX file', required: true }, 'RUN_OR_ONNX'),
    input: folder({ description: 'folder with images to refine', required: true }),
    out: folder({ description: 'folder for the refined images', required: true }),
    ...configFlags,
    verify: toggle({ description: 'checks every label and sets aside images that lost theirs' }),
    device: oneOf(devices, { description: 'where to compute', default: 'cpu' }),
    maxBroken: number({ description: 'share of broken images to allow', min: 0, max: 1 }),
  },
  notes: () => configHelp(refineConfigSchema),
  run: async (flags, context) => {
    const { model, input, out, device, maxBroken } = flags;
    const { signal } = context;
    const { config } = resolveConfig(refineConfigSchema, {
      ...(await configLayers(flags)),
      flags: { 'data.maxBroken': maxBroken },
    });
    const verifying = await import('../refine/verification/verify-refined.ts');
    if (!flags.verify) refuseThresholds(config);
    // Said before hours of refining.
    else await verifying.requireSameThresholds(out, config.verification);
    const { refine } = await import('../refine/refine.ts');
    const work = refine({ model, input, output: out, config, device, signal });
    const outcome = await followRefinement(work, context);
    if (!flags.verify || outcome.outcome === 'interrupted') {
      await verifying.keepRejectedApart(input, out);
      return { out: resolve(out), ...outcome };
    }
    const verification = await verifying.verifyRefined({
      ...{ input, output: out, channels: outcome.model.channels, signal },
      config: config.verification,
      onStart: (total) => countingBar(context.progress, 'Verifying', { unit: 'images', total }),
    });
    return { out: resolve(out), ...outcome, verification };
  },
  report: reportOf,
});
