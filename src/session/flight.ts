import {MeshesError, type MeshesErrorPhase} from '../errors.js';
import {RETRY, backgroundMs, nextDelayMs} from '../http/retry-policy.js';
import {after, type Clock} from './clock.js';
import type {TokenAnswer} from './token.js';

/** What the page knows about itself. */
export interface Environment {
  /** `navigator.onLine`: false is a hint, not a fact. */
  online(): boolean;
  visible(): boolean;
}

export interface FlightOptions {
  /** One request; has to end when the signal aborts. */
  attempt: (signal: AbortSignal) => Promise<TokenAnswer>;
  /** `many`: the policy's attempts; `endless`: then one more now and then, until it succeeds. */
  attempts: 'one' | 'many' | 'endless';
  phase: MeshesErrorPhase;
  clock: Clock;
  random: () => number;
  environment: Environment;
  /** Ends the flight without a word. */
  signal: AbortSignal;
  onAnswer: (answer: TokenAnswer) => void;
  /** An attempt failed and there will be another one. */
  onSetback: (setback: Setback) => void;
  /** It is over. */
  onGiveUp: (error: MeshesError) => void;
}

export interface Setback {
  error: MeshesError;
  /** The next attempt waits for the page to go online. */
  offline: boolean;
  /** The quick attempts are used up. */
  exhausted: boolean;
}

/** One token request with its time-outs and retries. There is one at a time in a session. */
export class Flight {
  readonly #options: FlightOptions;
  #goOn: (() => void) | null = null;
  /** Wall clock in ms before which the endpoint does not want to be asked. */
  #notBefore = 0;

  constructor(options: FlightOptions) {
    this.#options = options;
    void this.#run();
  }

  /** Tries now rather than later, unless the endpoint asked for the wait. */
  nudge(): void {
    if (this.#options.clock.now() >= this.#notBefore) this.#goOn?.();
  }

  async #run(): Promise<void> {
    const {attempts, clock, random, environment, signal} = this.#options;
    const {onAnswer, onSetback, onGiveUp} = this.#options;
    // Time spent on the quick attempts. Not the time that has passed: a laptop may have slept.
    let spentMs = 0;
    let failed = 0;
    let exhausted = false;

    for (;;) {
      const leftMs = exhausted ? Infinity : RETRY.budgetMs - spentMs;
      const timeoutMs = Math.min(RETRY.attemptTimeoutMs, leftMs);
      const startedAt = clock.now();
      const outcome = await this.#attempt(timeoutMs);
      if (signal.aborted) return;
      if (!(outcome instanceof MeshesError)) return onAnswer(outcome);

      const error = outcome;
      const {retryAfterMs} = error;
      if (!error.retryable || attempts === 'one') return onGiveUp(error);

      if (isUnreachable(error) && !environment.online()) {
        onSetback({error, offline: true, exhausted});
        await this.#pause(Infinity);
        spentMs = 0;
        failed = 0;
        exhausted = false;
      } else {
        failed += 1;
        spentMs += Math.max(0, Math.min(clock.now() - startedAt, timeoutMs));
        let delayMs = exhausted ? undefined : nextDelayMs({failed, spentMs, retryAfterMs}, random);
        if (delayMs === undefined) {
          if (attempts === 'many') return onGiveUp(error);
          exhausted = true;
          delayMs = Math.max(retryAfterMs ?? 0, backgroundMs(random));
        }
        this.#notBefore = clock.now() + (retryAfterMs ?? 0);
        spentMs += delayMs;
        onSetback({error, offline: false, exhausted});
        await this.#pause(delayMs);
        // Nobody looks, or nothing can be reached: wait for the nudge that ends either.
        while (exhausted && !signal.aborted && !(environment.visible() && environment.online())) {
          await this.#pause(Infinity);
        }
      }
      if (signal.aborted) return;
    }
  }

  /** Never rejects; settles at once when the flight is aborted, whatever the attempt does. */
  #attempt(timeoutMs: number): Promise<TokenAnswer | MeshesError> {
    const {attempt, phase, clock, signal} = this.#options;
    const controller = new AbortController();
    return new Promise(settle => {
      const finish = (outcome: TokenAnswer | MeshesError) => {
        cancelTimer();
        signal.removeEventListener('abort', end);
        settle(outcome);
      };
      // For an abort, too: nobody hears the outcome of a flight that has ended.
      const end = () => {
        finish(
          new MeshesError(
            'endpoint_timeout',
            phase,
            'The endpoint did not answer in time. Its log says whether the request arrived.',
          ),
        );
        controller.abort();
      };
      const cancelTimer = after(clock, timeoutMs, signal, end);
      signal.addEventListener('abort', end);
      attempt(controller.signal).then(finish, (error: unknown) =>
        finish(toMeshesError(error, phase)),
      );
    });
  }

  /** Resolves after `ms`, on a nudge, or when the flight is aborted. */
  #pause(ms: number): Promise<void> {
    const {clock, signal} = this.#options;
    return new Promise(resolve => {
      const goOn = () => {
        this.#goOn = null;
        cancelTimer();
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      this.#goOn = goOn;
      const cancelTimer = ms === Infinity ? () => {} : after(clock, ms, signal, goOn);
      signal.addEventListener('abort', goOn);
      if (signal.aborted) goOn();
    });
  }
}

function isUnreachable({code}: MeshesError): boolean {
  return code === 'endpoint_network' || code === 'endpoint_timeout';
}

/** What a host's own function threw counts as a failure of its network, and is kept as the cause. */
function toMeshesError(error: unknown, phase: MeshesErrorPhase): MeshesError {
  let quotes = false;
  try {
    if (error instanceof MeshesError) return error;
    // The parser's own error, of any realm, quotes what it could not parse: the body of a response, as a rule.
    quotes = (error as {name?: unknown} | null | undefined)?.name === 'SyntaxError';
  } catch {
    // A function can throw anything, such as a proxy that throws in turn.
  }
  return new MeshesError(
    'endpoint_network',
    phase,
    quotes
      ? 'sessionProvider or requestHeaders threw a SyntaxError: it read something that is not JSON.'
      : 'sessionProvider or requestHeaders failed: the cause of this error is what was thrown.',
    quotes ? {} : {cause: error},
  );
}
