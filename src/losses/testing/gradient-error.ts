import type { Tree } from '../../base/tree.ts';
import { loadProgram } from '../../runtime/program.ts';
import { compile } from '../../tensor/compile.ts';
import { gradients } from '../../tensor/gradient.ts';
import { type HostTensor, hostTensor, spec } from '../../tensor/host-tensor.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * The largest deviation of a loss's gradient from central differences of step 0.01, relative to the
 * gradient's largest element.
 */
export async function gradientError(f: (x: Tensor) => Tensor, at: HostTensor): Promise<number> {
  const both = (x: Tree<Tensor>) => {
    const value = f(x as Tensor);
    return { value, gradient: gradients(value, [x as Tensor])[0] };
  };
  const program = await loadProgram(compile(both, [spec(at.shape)]), { threads: 1 });
  const run = async (x: HostTensor) =>
    (await program.run(x)) as { readonly value: HostTensor; readonly gradient: HostTensor };
  const { gradient } = await run(at);
  let error = 0;
  for (const i of at.data.keys()) {
    const moved = async (step: number) => {
      const data = at.data.map((value, j) => (i === j ? value + step : value));
      return (await run(hostTensor(at.shape, data))).value.data[0];
    };
    const difference = ((await moved(0.01)) - (await moved(-0.01))) / 0.02;
    error = Math.max(error, Math.abs(difference - gradient.data[i]));
  }
  await program.dispose();
  return error / Math.max(...gradient.data.map(Math.abs));
}
