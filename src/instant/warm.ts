import type {RequestHeaders} from '../element/request-headers.js';
import {after, type Clock} from '../session/clock.js';
import {type Bucket, fullBucket, type Rate, take} from '../session/refresh-policy.js';
import type {RequestSetting, RequestSettings} from './ask-ahead.js';

/** How long a pointer or the focus must stay before a session is created, in ms. */
const INTENT_MS = 100;

/** How many sessions may be created for nothing. A session that an element takes does not count. */
const UNUSED: Rate = {burst: 2, refillMs: 60_000};

/** The settings of the element that will open: the properties with these names, with the same values. */
export type WarmOptions = {
  [Setting in Exclude<RequestSetting, 'sessionId' | 'refreshEndpoint'>]?: string | null;
} & {
  tokenEndpoint: string;
  /** The element's `requestHeaders`. Must give the same headers when the element asks. */
  requestHeaders?: RequestHeaders | null;
};

/** What `warm` works with; tests replace it. */
export interface Warmth {
  clock: Clock;
  /** Loads the element. Must not throw. */
  load: () => void;
  /** Sends the request. @returns discards the answer; undefined if nothing was sent */
  ask: (
    settings: RequestSettings,
    headers: Record<string, string>,
    onEnd: (taken: boolean) => void,
  ) => (() => void) | undefined;
}

/** Creates `warm` and `discard`. There is one of each on a page: all links share one answer and one limit. */
export function createWarm({clock, load, ask}: Warmth): {
  warm: (options: WarmOptions) => () => void;
  discard: () => void;
} {
  let current: {key: string; end: () => void} | null = null;
  let bucket: Bucket | null = null;

  const send = async (
    {requestHeaders: own, ...settings}: WarmOptions,
    signal: AbortSignal,
    onEnd: (taken: boolean) => void,
  ) => {
    const init = typeof own === 'function' ? await own() : own;
    if (signal.aborted) return;
    const now = clock.now();
    const {bucket: left, waitMs} = take(bucket ?? fullBucket(now, UNUSED), now, UNUSED);
    bucket = left;
    const headers = Object.fromEntries(new Headers(init ?? {}));
    const discard = waitMs === 0 ? ask(settings, headers, onEnd) : undefined;
    if (discard) signal.addEventListener('abort', discard);
    else onEnd(false);
  };

  return {
    warm(options) {
      load();
      const {requestHeaders: _, ...settings} = options;
      const key = JSON.stringify(Object.entries(settings).sort());
      if (current?.key === key) return () => {};
      current?.end();
      const controller = new AbortController();
      const entry = {
        key,
        end: () => {
          if (current === entry) current = null;
          controller.abort();
        },
      };
      current = entry;
      const onEnd = (taken: boolean) => {
        // The session was not created for nothing.
        if (taken) bucket = null;
        entry.end();
      };
      let sent = false;
      after(clock, INTENT_MS, controller.signal, () => {
        sent = true;
        send(options, controller.signal, onEnd).catch(() => onEnd(false));
      });
      return () => {
        if (!sent) entry.end();
      };
    },
    discard: () => current?.end(),
  };
}
