import { parentPort } from 'node:worker_threads';
import { createSession, type Session, type SessionOptions, type Values } from './session.ts';

/** What a worker is asked; it answers each with an `Answer` of the same number. */
export type Request = { readonly number: number; readonly session: number } & (
  | { readonly kind: 'create'; readonly model: Uint8Array; readonly options: SessionOptions }
  | { readonly kind: 'run'; readonly feeds: Values }
  | { readonly kind: 'dispose' }
);

/** What a worker answers; `create` gives the names of inputs and outputs, `run` the outputs. */
export type Answer = { readonly number: number } & (
  | { readonly names: Pick<Session, 'inputNames' | 'outputNames'> }
  | { readonly outputs: Values }
  | { readonly done: true }
  | { readonly error: Error }
);

const sessions = new Map<number, Promise<Session>>();

async function answer(request: Request): Promise<Answer> {
  const { number } = request;
  switch (request.kind) {
    case 'create': {
      const creation = createSession(request.model, request.options);
      sessions.set(request.session, creation);
      const { inputNames, outputNames } = await creation;
      return { number, names: { inputNames: [...inputNames], outputNames: [...outputNames] } };
    }
    case 'run': {
      const session = await sessions.get(request.session)!;
      return { number, outputs: await session.run(request.feeds) };
    }
    case 'dispose': {
      const session = await sessions.get(request.session)!;
      sessions.delete(request.session);
      await session.dispose();
      return { number, done: true };
    }
  }
}

parentPort?.on('message', (request: Request) => {
  answer(request)
    .catch((error: Error): Answer => ({ number: request.number, error }))
    .then((message) => parentPort?.postMessage(message));
});
