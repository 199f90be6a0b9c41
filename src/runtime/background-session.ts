import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Session, SessionOptions, Values } from './session.ts';
import type { Answer, Request } from './session-worker.ts';

/** What is asked of a worker, without the number that pairs it with its answer. */
type Question = Request extends infer Member
  ? Member extends Request
    ? Omit<Member, 'number'>
    : never
  : never;

/** A thread that runs sessions. */
interface Background {
  /** Questions without an answer yet. */
  waiting(): number;
  ask(question: Question, transferred?: ArrayBuffer[]): Promise<Answer>;
  end(): Promise<unknown>;
}

/** More would cost more memory for copies of the weights than they save time. */
const mostWorkers = 8;

function workerUrl(): URL {
  // Node does not run TypeScript in workers: from sources (tests), use the built worker.
  const isSource = import.meta.url.endsWith('.ts');
  const path = isSource ? '../../dist/runtime/session-worker.js' : './session-worker.js';
  return new URL(path, import.meta.url);
}

function startBackground(): Background {
  const worker = new Worker(workerUrl());
  const open = new Map<number, { resolve(answer: Answer): void; reject(error: unknown): void }>();
  let next = 0;
  // An idle worker does not keep the process alive.
  worker.unref();
  worker.on('message', (answer: Answer) => {
    const question = open.get(answer.number);
    open.delete(answer.number);
    if (open.size === 0) worker.unref();
    if ('error' in answer) question?.reject(answer.error);
    else question?.resolve(answer);
  });
  let ended: unknown;
  const refuseAll = (error: unknown) => {
    ended ??= error;
    for (const { reject } of open.values()) reject(ended);
    open.clear();
  };
  worker.on('error', refuseAll);
  worker.on('exit', () => refuseAll(new Error('Expected a session that is there, got none.')));
  return {
    waiting: () => open.size,
    ask: (question, transferred = []) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const number = next++;
        open.set(number, { resolve, reject });
        worker.ref();
        worker.postMessage({ ...question, number } as Request, transferred);
      }),
    end: () => worker.terminate(),
  };
}

let workers: Background[] = [];
let sessionsMade = 0;
let sessionsAlive = 0;

/**
 * Prepares a model on worker threads, one a core, each with a copy. ONNX Runtime for Node computes
 * on the thread that calls it: here calls that overlap use all cores, and the caller goes on
 * meanwhile. The threads are shared by all such sessions and end with the last of them; inside
 * each, an operator has one thread by default.
 */
export async function createBackgroundSession(
  model: Uint8Array,
  { threads = 1, ...others }: SessionOptions,
): Promise<Session> {
  const options = { threads, ...others };
  if (sessionsAlive++ === 0) {
    const count = Math.min(availableParallelism(), mostWorkers);
    workers = Array.from({ length: count }, startBackground);
  }
  const own = workers;
  const session = sessionsMade++;
  const release = async () => {
    if (--sessionsAlive === 0) await Promise.all(own.map((worker) => worker.end()));
  };
  try {
    const answers = await Promise.all(
      own.map((worker) => worker.ask({ kind: 'create', session, model, options })),
    );
    const { names } = answers[0] as Extract<Answer, { names: unknown }>;
    return {
      ...names,
      run: async (feeds, results) => {
        const idlest = own.reduce((p, q) => (q.waiting() < p.waiting() ? q : p));
        const copies = copied(feeds);
        const buffers = Object.values(copies).map(({ data }) => data.buffer as ArrayBuffer);
        const answer = await idlest.ask({ kind: 'run', session, feeds: copies }, buffers);
        const { outputs } = answer as Extract<Answer, { outputs: unknown }>;
        if (results === undefined) return outputs;
        for (const [name, { data }] of Object.entries(results)) data.set(outputs[name].data);
        return results;
      },
      dispose: async () => {
        try {
          await Promise.all(own.map((worker) => worker.ask({ kind: 'dispose', session })));
        } finally {
          await release();
        }
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Values whose memory can be given away; a message would copy all of the buffer a value lies in.
 */
function copied(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}
