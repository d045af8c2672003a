import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {Readable, Writable} from 'node:stream';
import {chromium} from 'playwright';
import {findBrowsers, installAdvice, installBrowsers} from '../../../test/support/browsers.mjs';

/*
 * Chromium over a pipe of the DevTools protocol. Playwright would attach to every frame, and hold each until it has done so:
 * that is longer than what is to be measured. Here nothing is attached to a page unless it is asked for something.
 */

type Params = Record<string, unknown>;

export interface Tab {
  /** Sends a command of the DevTools protocol to the page. */
  send(method: string, params?: Params): Promise<Record<string, unknown>>;
  /** The value of an expression in the page, once it has settled. */
  evaluate: <Value>(expression: string) => Promise<Value>;
  close(): Promise<void>;
}

export interface Browser {
  version: string;
  /** Opens a page. With `fresh` in a profile of its own, which has nothing in its cache. */
  open(url: string, options?: {fresh?: boolean}): Promise<Tab>;
  close(): Promise<void>;
}

const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-gpu',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--mute-audio',
  '--no-default-browser-check',
  '--no-first-run',
  '--window-size=1280,800',
];

/** @throws Error that says what to install */
export async function startChromium(): Promise<Browser> {
  if (!findBrowsers().chromium) installBrowsers(['chromium']);
  const found = findBrowsers().chromium;
  if (!found) throw new Error(installAdvice(['chromium']));
  const executable = found.launchOptions?.executablePath ?? chromium.executablePath();
  const profile = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-bench-'));
  const isRoot = process.getuid?.() === 0;
  const child = spawn(
    executable,
    [...FLAGS, ...(isRoot ? ['--no-sandbox'] : []), `--user-data-dir=${profile}`, 'about:blank'],
    {stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']},
  );
  const send = connect(child);
  const {product} = (await send('Browser.getVersion')) as {product: string};
  return {
    version: product.replace(/^\D*\//, ''),
    open: (url, {fresh = false} = {}) => open(send, url, fresh),
    close: async () => {
      const exit = once(child, 'exit');
      await send('Browser.close');
      await exit;
      rmSync(profile, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

type Send = (
  method: string,
  params?: Params,
  sessionId?: string,
) => Promise<Record<string, unknown>>;

function connect(child: ChildProcess): Send {
  const [, , , input, output] = child.stdio as unknown as [0, 0, 0, Writable, Readable];
  const waiting = new Map<
    number,
    {resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void}
  >();
  let lastId = 0;
  let buffered = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = (buffered + chunk).split('\0');
    buffered = messages.pop()!;
    for (const message of messages) {
      const {id, result, error} = JSON.parse(message);
      const call = waiting.get(id);
      waiting.delete(id);
      if (error) call?.reject(new Error(error.message));
      else call?.resolve(result);
    }
  });
  const end = () => {
    for (const {reject} of waiting.values()) reject(new Error('Chromium has ended.'));
    waiting.clear();
  };
  child.once('exit', end);
  child.once('error', end);
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, {resolve, reject});
      input.write(`${JSON.stringify({id: lastId, method, params, sessionId})}\0`);
    });
}

async function open(send: Send, url: string, fresh: boolean): Promise<Tab> {
  const {browserContextId} = fresh ? await send('Target.createBrowserContext') : {};
  const {targetId} = await send('Target.createTarget', {url, browserContextId});
  let session: Promise<string> | null = null;
  const sendToPage: Tab['send'] = async (method, params) => {
    session ??= send('Target.attachToTarget', {targetId, flatten: true}).then(
      ({sessionId}) => sessionId as string,
    );
    return send(method, params, await session);
  };
  return {
    send: sendToPage,
    evaluate: async <Value>(expression: string) => {
      const {result, exceptionDetails} = (await sendToPage('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as {result: {value: Value}; exceptionDetails?: {exception?: {description?: string}}};
      if (exceptionDetails) {
        throw new Error(exceptionDetails.exception?.description ?? 'The page threw something.');
      }
      return result.value;
    },
    close: async () => {
      await send('Target.closeTarget', {targetId});
      if (browserContextId) await send('Target.disposeBrowserContext', {browserContextId});
    },
  };
}
