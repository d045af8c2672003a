import type {
  MeshesEventsAuth,
  MeshesOptionalRequestOptions,
  MeshesOptions,
  TokenSource,
} from './client-options.js';
import type {
  BulkCreateEventsResult,
  CallbackFunction,
  CreateEventResponseSingle,
  MeshesEventBody,
} from './event-types.js';
import {invalid, MeshesApiError} from './meshes-api-error.js';
import {readHeaders} from './request-headers.js';
import {backoffMs, retryAfterMs, wait} from './retry-delay.js';
import {checkObject, validateEvent} from './validate-event.js';

const KEY = /^mesh_pub_([A-Za-z0-9\-.]+)_([A-Za-z0-9\-.]+)_([^_]+)$/;
// What can stand in a header: an error of the browser would quote anything else.
const SECRET = /^[!-~]+$/;
const MAX_BATCH = 100;
// A longer wait is left to the caller, who gets it with the error.
const MAX_RETRY_AFTER_MS = 300_000;
const MAX_KEEPALIVE_BYTES = 64 * 1024;

/** Sends events to Meshes, from a page with a publishable key, or from a server with a machine JWT. */
export class MeshesEventsClient {
  readonly #auth: string | TokenSource;
  readonly #isKey: boolean;
  readonly #options: MeshesOptions & {timeout: number; retries: number};
  readonly #headers: Record<string, string>;
  readonly #url: string;

  /** @throws MeshesApiError for anything that is not as its type says; it never quotes the key */
  constructor(auth: MeshesEventsAuth, options: MeshesOptions = {}) {
    this.#isKey = typeof auth === 'string';
    this.#auth = (auth as {token?: TokenSource} | null)?.token ?? (auth as TokenSource);
    if (this.#isKey && !KEY.test(auth as string)) invalid('publishableKey', 'mesh_pub_...');
    if (typeof this.#auth !== 'function') checkSecret(this.#auth);
    checkObject('options', options);
    const {version = 'v1', timeout = 5000, retries = 0, headers, apiBaseUrl} = options;
    if (version !== 'v1') invalid('version', "'v1'");
    checkLimits(timeout, retries);
    this.#headers = readHeaders(headers, true);
    this.#url = (apiBaseUrl ?? 'https://events.meshes.io/api/v1').replace(/\/+$/, '');
    if (!/^https?:\/\/[^/]/.test(this.#url)) invalid('apiBaseUrl', 'an http(s) URL');
    this.#options = {...options, timeout, retries};
  }

  /**
   * Sends one event.
   *
   * @param done gets the result in place of a promise
   * @returns the answer: parsed, or as text where it is no JSON, or null where it is empty
   * @throws MeshesApiError at once for an invalid event
   */
  emit(
    event: MeshesEventBody,
    options?: MeshesOptionalRequestOptions,
  ): Promise<CreateEventResponseSingle>;
  emit(
    event: MeshesEventBody,
    options: MeshesOptionalRequestOptions | undefined,
    done: CallbackFunction<CreateEventResponseSingle>,
  ): undefined;
  emit(
    event: MeshesEventBody,
    options?: MeshesOptionalRequestOptions,
    done?: CallbackFunction<CreateEventResponseSingle>,
  ): Promise<CreateEventResponseSingle> | undefined {
    validateEvent(event, 'event');
    return settle(
      this.#send('/events', event, options) as Promise<CreateEventResponseSingle>,
      done,
    );
  }

  /**
   * Sends any number of events, up to 100 in one request, one request after the other. Records can fail one by one:
   * see `batchOutcomes`. Where a request fails as a whole, the ones after it are not sent.
   *
   * @param done gets the result in place of a promise
   * @throws MeshesApiError at once for an invalid event
   */
  emitBatch(
    events: readonly MeshesEventBody[],
    options?: MeshesOptionalRequestOptions,
  ): Promise<BulkCreateEventsResult>;
  emitBatch(
    events: readonly MeshesEventBody[],
    options: MeshesOptionalRequestOptions | undefined,
    done: CallbackFunction<BulkCreateEventsResult>,
  ): undefined;
  emitBatch(
    events: readonly MeshesEventBody[],
    options?: MeshesOptionalRequestOptions,
    done?: CallbackFunction<BulkCreateEventsResult>,
  ): Promise<BulkCreateEventsResult> | undefined {
    if (!Array.isArray(events) || !events.length) invalid('events', 'a non-empty array');
    events.forEach((event, index) => validateEvent(event, `events[${index}]`));
    return settle(this.#sendBatch(events, options), done);
  }

  async #sendBatch(
    events: readonly MeshesEventBody[],
    options: MeshesOptionalRequestOptions | undefined,
  ): Promise<BulkCreateEventsResult> {
    const send = (chunk: readonly MeshesEventBody[]) =>
      this.#send('/events/bulk', chunk, options) as Promise<BulkCreateEventsResult>;
    if (events.length <= MAX_BATCH) return send(events);

    const count = events.length;
    const records: BulkCreateEventsResult['records'] = [];
    let failed = 0;
    while (records.length < count) {
      const rest = events.slice(records.length);
      const chunk = rest.slice(0, MAX_BATCH);
      try {
        const result = (await send(chunk)) as Partial<BulkCreateEventsResult> | null;
        if (result?.records?.length !== chunk.length) {
          throw new MeshesApiError('Meshes left out records');
        }
        records.push(...result.records);
        failed += result.error_count ?? 0;
      } catch (error) {
        const {message, data} = error as {message: string; data: object};
        // Says what became of every event, or the ones that were accepted would be sent again.
        (error as MeshesApiError).data = {
          ...data,
          records: records.concat(
            rest.map((_, index) => ({message: index < MAX_BATCH ? message : 'Not sent'})),
          ),
        };
        throw error;
      }
    }
    return {count, ...(failed && {error_count: failed}), records};
  }

  async #send(
    path: string,
    body: unknown,
    options: MeshesOptionalRequestOptions = {},
  ): Promise<unknown> {
    const {timeout = this.#options.timeout, retries = this.#options.retries, signal} = options;
    checkLimits(timeout, retries);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(path, body, timeout, options);
      } catch (error) {
        const {message, retryable, retryAfterMs: delay} = error as MeshesApiError;
        this.#log(path, message);
        if (!retryable || attempt > retries || delay! > MAX_RETRY_AFTER_MS) throw error;
        await wait(delay ?? backoffMs(attempt, Math.random()), signal);
      }
    }
  }

  async #attempt(
    path: string,
    event: unknown,
    timeout: number,
    {signal, headers, keepalive = this.#options.keepalive}: MeshesOptionalRequestOptions,
  ): Promise<unknown> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    // Runs until the body is read: an answer can stall after its headers.
    const timer = setTimeout(abort, timeout);
    signal?.addEventListener('abort', abort);
    let secret: string | undefined;
    let isSent = false;
    // What Meshes answers, and what a browser says, may quote what it refuses.
    const redact = (text: string) => (secret ? text.replaceAll(secret, '***') : text);
    try {
      signal?.throwIfAborted();
      const body = JSON.stringify(event);
      secret = typeof this.#auth === 'string' ? this.#auth : checkSecret(await this.#auth());
      const init: RequestInit = {
        method: 'POST',
        headers: {
          ...this.#headers,
          ...readHeaders(headers),
          ...(this.#isKey
            ? {'X-Meshes-Publishable-Key': secret}
            : {Authorization: `Bearer ${secret}`}),
          'X-Meshes-Client': 'Meshes Events Client (meshes-workspace)',
          'Content-Type': 'application/json',
          Accept: 'application/json',
        },
        body,
        signal: controller.signal,
      };
      if (keepalive && new Blob([body]).size <= MAX_KEEPALIVE_BYTES) init.keepalive = true;
      isSent = true;
      const response = await (this.#options.fetch ?? fetch)(this.#url + path, init);
      // Once headers have come, the event may have been accepted: not to be sent again.
      isSent = false;
      const data = parse(await response.text(), redact);
      this.#log(path, response.status);
      if (response.ok) return data;
      throw httpError(response, redact(response.statusText), data);
    } catch (error) {
      if (error instanceof MeshesApiError) throw error;
      if (signal?.aborted) {
        throw new MeshesApiError('Aborted', {aborted: true}, {cause: signal.reason});
      }
      // The reason as text alone: the error itself could hold more than it shows.
      throw new MeshesApiError(
        controller.signal.aborted ? `No answer within ${timeout} ms` : 'The request failed',
        {message: redact(String((error as Error)?.cause ?? error))},
        {retryable: isSent},
      );
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  #log(...what: unknown[]): void {
    if (this.#options.debug) console.debug('Meshes', ...what);
  }
}

function checkSecret(secret: unknown): string {
  return typeof secret === 'string' && SECRET.test(secret)
    ? secret
    : invalid('token', 'a machine JWT');
}

function checkLimits(timeout: unknown, retries: unknown): void {
  checkRange('timeout', timeout, 1000, 30_000);
  checkRange('retries', retries, 0, 10);
}

function checkRange(field: string, value: unknown, min: number, max: number): void {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    invalid(field, `from ${min} to ${max}`);
  }
}

function parse(text: string, redact: (text: string) => string): unknown {
  text = redact(text);
  try {
    // Escapes of JSON can hide what is looked for: where there are any, string by string as well.
    if (!/\\/.test(text)) return JSON.parse(text);
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'string' ? redact(value) : value,
    );
  } catch {
    return text || null;
  }
}

function httpError({status, headers}: Response, statusText: string, data: unknown): MeshesApiError {
  return new MeshesApiError(
    `Meshes answered ${status} ${statusText}`,
    {status, statusText, data},
    {
      retryable: status === 429,
      retryAfterMs: retryAfterMs(headers?.get('retry-after') ?? '', Date.now()),
    },
  );
}

function settle<T>(
  promise: Promise<T>,
  done: CallbackFunction<T> | undefined,
): Promise<T> | undefined {
  return done ? void promise.then(data => done(null, data), done) : promise;
}
