import type { Progress } from './progress.ts';

/** A progress bar that counts up with every call and ends with the last. */
export function countingBar(
  progress: Progress,
  label: string,
  { unit, total }: { readonly unit: string; readonly total: number },
): () => void {
  const bar = progress.start(label, { unit, total });
  let done = 0;
  return () => {
    done += 1;
    bar.update(done);
    if (done === total) bar.end();
  };
}
