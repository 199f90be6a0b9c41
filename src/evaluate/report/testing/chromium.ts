import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A browser whose pages a test looks at. */
export interface Chromium {
  /** Sends a command of the DevTools protocol, to a page where its session is named. */
  send(method: string, params?: object, sessionId?: string): Promise<Answer>;
  /** Every event is given to every listener. */
  listen(listener: (event: ProtocolEvent) => void): void;
  close(): Promise<void>;
}

type Answer = Readonly<Record<string, unknown>>;

export interface ProtocolEvent {
  readonly method: string;
  readonly params: Answer;
  readonly sessionId?: string;
}

interface Message extends Partial<ProtocolEvent> {
  readonly id?: number;
  readonly result?: Answer;
  readonly error?: { readonly message: string };
}

/** The path of a Chromium or Chrome, where there is one. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'google-chrome', 'google-chrome-stable'];
  // A browser in a snap may not open the files of others.
  const folders = (process.env.PATH ?? '').split(delimiter).filter((f) => !f.startsWith('/snap/'));
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  // The protocol on file descriptors 3 and 4, so that no port is opened.
  '--remote-debugging-pipe',
];

/** Starts a browser with a profile of its own. */
export async function startChromium(path: string): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const browser = spawn(path, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    browser.once('exit', () => resolve());
    browser.once('error', () => resolve());
  });
  const { send, listen } = connect(browser);
  const close = async () => {
    send('Browser.close').catch(() => {});
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { send, listen, close };
}

/** Messages are JSON texts, each ended by a zero byte. */
function connect(browser: ChildProcess): Pick<Chromium, 'send' | 'listen'> {
  const [input, output] = [browser.stdio[3] as Writable, browser.stdio[4] as Readable];
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((event: ProtocolEvent) => void)[] = [];
  const failAll = () => {
    for (const answer of waiting.values()) answer({ error: { message: 'The browser has ended' } });
    waiting.clear();
  };
  let received = '';
  let sent = 0;
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    const messages = (received + text).split('\0');
    received = messages.pop() ?? '';
    for (const message of messages.map((m): Message => JSON.parse(m))) {
      const { id, method, params = {}, sessionId } = message;
      if (id !== undefined) waiting.get(id)?.(message);
      else if (method !== undefined) {
        const event = { method, params, ...(sessionId !== undefined && { sessionId }) };
        for (const listener of listeners) listener(event);
      }
    }
  });
  input.on('error', failAll);
  browser.once('exit', failAll);
  browser.once('error', failAll);
  const send: Chromium['send'] = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++sent;
      waiting.set(id, ({ result = {}, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result);
      });
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  return { send, listen: (listener) => listeners.push(listener) };
}
