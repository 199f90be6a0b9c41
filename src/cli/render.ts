import { resolve } from 'node:path';
import { resolveConfig } from '../base/config.ts';
import type { RenderDatasetOptions, RenderSummary } from '../render/render-dataset.ts';
import { renderConfigSchema } from '../render/scene/config.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { configFlags, configHelp, configLayers } from './config-flags.ts';
import { folder, integer, toggle } from './flags.ts';

/** Renders a dataset and shows how far it is. */
export async function renderWithProgress(
  options: RenderDatasetOptions,
  { signal, log, progress }: CommandContext,
): Promise<RenderSummary> {
  const { renderDataset } = await import('../render/render-dataset.ts');
  let bar: ReturnType<typeof progress.start> | undefined;
  const onProgress = (done: number, total: number) => {
    if (bar !== undefined) return bar.update(done);
    if (done > 0) log(`${done} of ${total} images were rendered earlier.`);
    bar = progress.start('Rendering', { unit: 'images', total, done });
  };
  const onPack = (path: string) => log(`Packing the assets once, into ${path}`);
  const summary = await renderDataset(options, { signal, onPack, onProgress });
  bar?.end();
  return summary;
}

export const renderCommand = defineCommand({
  name: 'render',
  summary: 'Renders synthetic faces with exact labels.',
  flags: {
    out: folder({ description: 'folder for the images', required: true }),
    count: integer({ description: 'images', default: 1000, min: 1, max: 1e7 }),
    size: integer({
      description: 'edge of the images in pixels',
      default: 128,
      min: 16,
      max: 2048,
    }),
    seed: integer({ description: 'decides every image', default: 1, min: 0 }),
    grayscale: toggle({ description: 'one channel' }),
    imagesPerIdentity: integer({
      description: 'images of each person',
      default: 1,
      min: 1,
      max: 1e6,
    }),
    jobs: integer({ description: 'worker threads; where absent, one a core', min: 1, max: 256 }),
    coco: toggle({ description: 'write coco.json too, keypoints as COCO has them' }),
    depth: toggle({ description: 'write depth maps' }),
    normals: toggle({ description: 'write normal maps' }),
    ...configFlags,
  },
  notes: () => configHelp(renderConfigSchema),
  run: async (flags, context) => {
    const { set: _set, config: _config, ...options } = flags;
    const { config } = resolveConfig(renderConfigSchema, await configLayers(flags));
    const summary = await renderWithProgress({ ...options, config }, context);
    return { out: resolve(flags.out), ...summary };
  },
  report: ({ out, outcome, images, rendered, imagesPerSecond }) => {
    const rate = rendered > 0 ? `, ${imagesPerSecond} a second` : '';
    return outcome === 'finished'
      ? `${images} images in ${out}, ${rendered} of them now${rate}. Their distribution, a contact sheet and an overlay of the labels are in _report.`
      : `Interrupted after ${images} images in ${out}. The same command goes on from there.`;
  },
});
