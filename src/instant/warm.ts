import type {RequestHeaders} from '../element/request-headers.js';
import {after, type Clock} from '../session/clock.js';
import {type Bucket, fullBucket, type Rate, take} from '../session/refresh-policy.js';
import type {RequestSetting, RequestSettings} from './ask-ahead.js';

/** Time for which the pointer or the focus must stay before a session is created, in ms. */
const INTENT_MS = 100;

/** Rate limit of sessions that no element has used. A session that an element takes does not count. */
const UNUSED: Rate = {burst: 2, refillMs: 60_000};

/** Settings of the element that will use the session: its properties with these names, with the same values. */
export type WarmOptions = {
  [Setting in Exclude<RequestSetting, 'sessionId' | 'refreshEndpoint'>]?: string | null;
} & {
  tokenEndpoint: string;
  /** `requestHeaders` of the element. Must return the same headers for the request of the element. */
  requestHeaders?: RequestHeaders | null;
};

/** Dependencies of `warm`. Tests replace them. */
export interface Warmth {
  clock: Clock;
  /** Loads the element. Must not throw. */
  load: () => void;
  /** Sends the request. @returns a function that discards the response; undefined if nothing was sent */
  ask: (
    settings: RequestSettings,
    headers: Record<string, string>,
    onEnd: (taken: boolean) => void,
  ) => (() => void) | undefined;
}

/** Creates `warm` and `discard`. Each page has one of each: all links share one response and one rate limit. */
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
        // An element has used the session, so it does not count for the rate limit.
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
