import type { Chromium } from './chromium.ts';

/** A window without a browser around it. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly mobile: boolean;
  readonly dark?: boolean;
}

/** A loaded page, and what happened on the way. */
export interface BrowserPage {
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
  /** Exceptions, console errors and whatever the browser complained of. */
  readonly errors: readonly string[];
  /** The value of a JavaScript expression. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Presses the mouse at one point of the window and lets it go at another. */
  drag(from: Point, to: Point): Promise<void>;
}

type Point = readonly [x: number, y: number];

/** Opens an address on a screen and waits until everything is loaded. */
export async function openPage(
  { send, listen }: Chromium,
  url: string,
  { width, height, mobile, dark = false }: Screen,
): Promise<BrowserPage> {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const page = (method: string, params?: object) => send(method, params, session);
  const requests: string[] = [];
  const errors: string[] = [];
  const loaded = new Promise<void>((resolve) => {
    listen((event) => {
      if (event.sessionId !== session) return;
      if (event.method === 'Page.loadEventFired') resolve();
      const text = JSON.stringify(event.params);
      if (event.method === 'Network.requestWillBeSent') {
        requests.push((event.params.request as { readonly url: string }).url);
      }
      if (['Runtime.exceptionThrown', 'Network.loadingFailed'].includes(event.method)) {
        errors.push(text);
      }
      const logged = event.params.entry as { readonly level: string } | undefined;
      if (event.method === 'Log.entryAdded' && logged?.level === 'error') errors.push(text);
      const calledError = event.method === 'Runtime.consoleAPICalled';
      if (calledError && event.params.type === 'error') errors.push(text);
    });
  });
  for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await page(`${domain}.enable`);
  await page('Emulation.setDeviceMetricsOverride', { width, height, mobile, deviceScaleFactor: 1 });
  await page('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
  });
  await page('Page.navigate', { url });
  await loaded;
  const mouse = (type: string, [x, y]: Point, buttons: number) =>
    page('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons, clickCount: 1 });
  return {
    requests,
    errors,
    evaluate: async <Value>(expression: string) => {
      const answer = await page('Runtime.evaluate', { expression, returnByValue: true });
      if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
      return (answer.result as { readonly value: Value }).value;
    },
    drag: async (from, to) => {
      await mouse('mousePressed', from, 1);
      await mouse('mouseMoved', to, 1);
      await mouse('mouseReleased', to, 0);
    },
  };
}
