import { cpus, loadavg } from 'node:os';
import type { RowResult } from './row-result.ts';

type MachineLoad = RowResult['machine'];

const sampleMs = 5000;

/** Milliseconds that all cores together were busy. */
function busyMs(): number {
  return cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Watches how busy the machine is until the result is called: an equal time is an equal budget only
 * where nobody else takes the cores.
 */
export function watchMachine(): () => MachineLoad {
  const loads = [loadavg()[0]];
  const timer = setInterval(() => loads.push(loadavg()[0]), sampleMs);
  timer.unref();
  const began = { time: performance.now(), busy: busyMs(), own: ownMs() };
  return () => {
    clearInterval(timer);
    const elapsed = Math.max(1, performance.now() - began.time);
    const others = (busyMs() - began.busy - (ownMs() - began.own)) / elapsed;
    return {
      cores: cpus().length,
      load: rounded(loads.reduce((sum, load) => sum + load, 0) / loads.length),
      otherCores: rounded(Math.max(0, others)),
    };
  };
}

function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}
