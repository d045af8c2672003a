import {isMeshesError, MeshesError, type MeshesErrorPhase} from '../errors.js';
import {mayBeOfflinePage} from '../http/request-json.js';
import {RETRY, backgroundMs, isRateLimited, nextDelayMs} from '../http/retry-policy.js';
import {after, type Clock} from './clock.js';
import {brokenPage} from './session-errors.js';
import type {TokenAnswer} from './token.js';

/** Facts about the page. */
export interface Environment {
  /** `navigator.onLine`. A hint only: it can be wrong. */
  online(): boolean;
  visible(): boolean;
}

export interface TokenRequestOptions {
  /** Makes one attempt. The promise must settle when the signal aborts. */
  attempt: (signal: AbortSignal) => Promise<TokenAnswer>;
  /** `many`: the attempts of the retry policy. `endless`: after these, one about every minute until one succeeds. */
  attempts: 'one' | 'many' | 'endless';
  phase: MeshesErrorPhase;
  clock: Clock;
  random: () => number;
  environment: Environment;
  /** Ends the request; no callback is called afterwards. */
  signal: AbortSignal;
  onAnswer: (answer: TokenAnswer) => void;
  /** An attempt failed, and another one follows. */
  onFailedAttempt: (failed: FailedAttempt) => void;
  /** No attempt follows. */
  onGiveUp: (error: MeshesError) => void;
}

export interface FailedAttempt {
  error: MeshesError;
  /** The next attempt waits until the page is online. */
  offline: boolean;
  /** The quick attempts are used up. */
  exhausted: boolean;
}

type Outcome = {answer: TokenAnswer} | {error: MeshesError};

/** One token request with its timeouts and retries. A session has at most one at a time. */
export class TokenRequest {
  readonly #options: TokenRequestOptions;
  #endPause: (() => void) | null = null;
  /** Wall clock in ms until which the endpoint asked to wait (Retry-After). */
  #notBefore = 0;

  constructor(options: TokenRequestOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Makes the next attempt now, unless the endpoint asked to wait. */
  retryNow(): void {
    if (this.#options.clock.now() >= this.#notBefore) this.#endPause?.();
  }

  async #run(): Promise<void> {
    const {signal, onAnswer, onGiveUp} = this.#options;
    let outcome: Outcome;
    try {
      outcome = await this.#attempts();
    } catch {
      // For example, a script of the page has replaced `setTimeout`.
      outcome = {error: brokenPage()};
    }
    if (signal.aborted) return;
    if ('answer' in outcome) onAnswer(outcome.answer);
    else onGiveUp(outcome.error);
  }

  /** Makes attempts until one succeeds, the request gives up, or it is aborted. */
  async #attempts(): Promise<Outcome> {
    const {attempts, phase, clock, random, environment, signal, onFailedAttempt} = this.#options;
    // Time spent on the quick attempts, without sleep of the computer.
    let spentMs = 0;
    let failed = 0;
    let limited = 0;
    let exhausted = false;

    for (;;) {
      const leftMs = exhausted ? Infinity : RETRY.budgetMs - spentMs;
      const timeoutMs = Math.min(RETRY.attemptTimeoutMs, leftMs);
      const startedAt = clock.now();
      const startedOnline = environment.online();
      let outcome = await this.#attempt(timeoutMs);
      if (signal.aborted || 'answer' in outcome) return outcome;

      const isOnline = environment.online();
      // The page can go online while a service worker answers.
      if (!(startedOnline && isOnline) && mayBeOfflinePage(outcome.error)) {
        outcome = {error: offlinePage(phase)};
      }
      const {error} = outcome;
      const {retryAfterMs} = error;
      if (!error.retryable || attempts === 'one') return outcome;

      if (isUnreachable(error) && !isOnline) {
        onFailedAttempt({error, offline: true, exhausted});
        await this.#pause(Infinity);
        spentMs = 0;
        failed = 0;
        limited = 0;
        exhausted = false;
      } else {
        failed += 1;
        if (isRateLimited(retryAfterMs)) limited += 1;
        spentMs += Math.max(0, Math.min(clock.now() - startedAt, timeoutMs));
        const failures = {failed, limited, spentMs, retryAfterMs};
        let delayMs = exhausted ? undefined : nextDelayMs(failures, random);
        if (delayMs === undefined) {
          if (attempts === 'many') return outcome;
          exhausted = true;
          delayMs = backgroundMs(random, retryAfterMs);
        }
        this.#notBefore = clock.now() + (retryAfterMs ?? 0);
        spentMs += delayMs;
        onFailedAttempt({error, offline: false, exhausted});
        await this.#pause(delayMs);
        // The page is hidden or offline: `retryNow()` is called when it is visible or online again.
        while (exhausted && !signal.aborted && !(environment.visible() && environment.online())) {
          await this.#pause(Infinity);
        }
      }
      if (signal.aborted) return outcome;
    }
  }

  /** Never rejects. Settles immediately when the request is aborted, whatever the attempt does. */
  #attempt(timeoutMs: number): Promise<Outcome> {
    const {attempt, phase, clock, signal} = this.#options;
    const controller = new AbortController();
    return new Promise(settle => {
      const finish = (outcome: Outcome) => {
        cancelTimer();
        signal.removeEventListener('abort', end);
        settle(outcome);
      };
      // Also for an abort: the outcome of an aborted request is not used.
      const end = () => {
        const error = new MeshesError(
          'endpoint_timeout',
          phase,
          'The endpoint did not answer in time. Check in its log whether the request arrived.',
        );
        finish({error});
        controller.abort();
      };
      // guard(request-timeout): a request that stalls is given up
      const cancelTimer = after(clock, timeoutMs, signal, end);
      signal.addEventListener('abort', end);
      attempt(controller.signal).then(
        answer => finish({answer}),
        (error: unknown) => finish({error: toMeshesError(error, phase)}),
      );
    });
  }

  /** Resolves after `ms`, by `retryNow()`, or when the request is aborted. */
  #pause(ms: number): Promise<void> {
    const {clock, signal} = this.#options;
    return new Promise(resolve => {
      const end = () => {
        this.#endPause = null;
        cancelTimer();
        signal.removeEventListener('abort', end);
        resolve();
      };
      this.#endPause = end;
      const cancelTimer = ms === Infinity ? () => {} : after(clock, ms, signal, end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }
}

function isUnreachable({code}: MeshesError): boolean {
  return code === 'endpoint_network' || code === 'endpoint_timeout';
}

/** A response of a service worker without a network. The error has no status, because the endpoint did not answer. */
function offlinePage(phase: MeshesErrorPhase): MeshesError {
  return new MeshesError(
    'endpoint_network',
    phase,
    'The browser is offline. The response is not from the endpoint: most likely, it is the offline page of a service worker.',
  );
}

/** An exception in a function of the host page counts as a network failure, and becomes the cause. */
function toMeshesError(error: unknown, phase: MeshesErrorPhase): MeshesError {
  if (isMeshesError(error)) return error;
  let quotes = false;
  try {
    // A SyntaxError, of any realm, quotes the text that could not be parsed: usually a response body.
    quotes = (error as {name?: unknown} | null | undefined)?.name === 'SyntaxError';
  } catch {
    // A function can throw anything, for example a proxy that throws when it is read.
  }
  return new MeshesError(
    'endpoint_network',
    phase,
    quotes
      ? 'sessionProvider or requestHeaders threw a SyntaxError. Most likely, it parsed a response that is not JSON.'
      : 'sessionProvider or requestHeaders failed: see the cause of this error.',
    quotes ? {} : {cause: error},
  );
}
