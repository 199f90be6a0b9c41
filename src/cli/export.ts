import { defineCommand } from './command.ts';
import { file, folder } from './flags.ts';
import { selectedText } from './selection-text.ts';

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Writes the refiner of a run as a plain ONNX file.',
  flags: {
    run: folder({ description: 'folder of the run', required: true }),
    out: file({ description: 'file that the model is written to', required: true }),
  },
  run: async ({ run, out }) => {
    const { exportModel } = await import('../refine/export-model.ts');
    const { bytes, sha256, channels, size, preset, selected } = await exportModel(run, out);
    return { out, bytes: bytes.length, sha256, channels, size, preset, selected };
  },
  report: ({ out, bytes, channels, size, preset, selected }) =>
    [
      `${out}: ${(bytes / 1e6).toFixed(1)} MB, preset ${preset}, ${channels === 1 ? 'grey' : 'colour'}, trained at ${size}. Input "images", output "refined": float32 [batch, ${channels}, height, width] in -1…1.`,
      ...(selected ? [selectedText(selected)] : []),
    ].join('\n'),
});
