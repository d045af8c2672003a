import {readBaseUrl} from './api-base-url.js';
import {isAccepted} from './batch-outcomes.js';
import {
  CALL_OPTIONS,
  checkLimits,
  CLIENT_OPTIONS,
  type MeshesEventsAuth,
  type MeshesOptionalRequestOptions,
  type MeshesOptions,
  readOptions,
  readQuery,
  type TokenSource,
} from './client-options.js';
import type {
  BulkCreateEventsResult,
  CallbackFunction,
  CreateEventResponseSingle,
  MeshesEventBody,
} from './event-types.js';
import {createRedact} from './failure-data.js';
import {invalid, MeshesApiError} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';
import {readAnswer} from './read-answer.js';
import {readHeaders} from './request-headers.js';
import {backoffMs, wait} from './retry-delay.js';
import {validateEvent} from './validate-event.js';

const KEY = /^mesh_pub_([A-Za-z0-9\-.]+)_([A-Za-z0-9\-.]+)_([^_]+)$/;
// What can stand in a header: an error of the browser would quote anything else.
const SECRET = /^[!-~]+$/;
const MAX_BATCH = 100;
// A longer wait is left to the caller, who gets it with the error.
const MAX_RETRY_AFTER_MS = 300_000;
const MAX_KEEPALIVE_BYTES = 64 * 1024;
// An accepted event has some 400 bytes. A bulk answer has up to 100 records, so each may have 10 KiB.
const MAX_ANSWER_BYTES = {'/events': 64 * 1024, '/events/bulk': 1024 * 1024};

type Path = keyof typeof MAX_ANSWER_BYTES;

/** The options of a call, with the defaults of the client. */
interface CallOptions extends MeshesOptionalRequestOptions {
  headers: Record<string, string>;
  timeout: number;
  retries: number;
  search: string;
}

/** Sends events to Meshes, from a page with a publishable key, or from a server with a machine JWT. */
export class MeshesEventsClient {
  readonly #auth: string | TokenSource;
  readonly #isKey: boolean;
  readonly #options: Partial<MeshesOptions>;
  readonly #headers: Record<string, string>;
  readonly #url: string;

  /** @throws MeshesApiError for an invalid key, token or option. It never quotes the value. */
  constructor(auth: MeshesEventsAuth, options: MeshesOptions = {}) {
    this.#isKey = typeof auth === 'string';
    if (this.#isKey && !KEY.test(auth as string)) invalid('publishableKey', 'mesh_pub_...');
    this.#auth = (isObject(auth) ? ownFields<{token: string}>(auth).token : auth) as string;
    if (typeof this.#auth !== 'function') checkSecret(this.#auth);
    const own = readOptions(options, CLIENT_OPTIONS);
    const {version = 'v1', headers, apiBaseUrl} = own;
    if (version !== 'v1') invalid('version', "'v1'");
    this.#options = ownFields({timeout: 5000, retries: 0}, own);
    checkLimits(this.#options);
    this.#headers = readHeaders(headers, true);
    this.#url = readBaseUrl(apiBaseUrl ?? 'https://events.meshes.io/api/v1', this.#isKey);
  }

  /**
   * Sends one event.
   *
   * @param done receives the result in place of a promise
   * @returns the answer of Meshes, or null if it is a 2xx without a body
   * @throws MeshesApiError immediately for an invalid event
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
  ): Promise<CreateEventResponseSingle> | undefined;
  emit(
    event: MeshesEventBody,
    options?: MeshesOptionalRequestOptions,
    done?: CallbackFunction<CreateEventResponseSingle>,
  ): Promise<CreateEventResponseSingle> | undefined {
    validateEvent(event, 'event');
    const send = async () => this.#send('/events', event, this.#read(options));
    return settle(send() as Promise<CreateEventResponseSingle>, done);
  }

  /**
   * Sends any number of events, up to 100 in one request, one request after the other. Single records can fail:
   * see `batchOutcomes`. If a request fails as a whole, the requests after it are not sent.
   *
   * @param done receives the result in place of a promise
   * @throws MeshesApiError immediately for an invalid event
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
  ): Promise<BulkCreateEventsResult> | undefined;
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
    const read = this.#read(options);
    const send = (chunk: readonly MeshesEventBody[]) =>
      this.#send('/events/bulk', chunk, read) as Promise<BulkCreateEventsResult>;
    if (events.length <= MAX_BATCH) return send(events);

    const count = events.length;
    const records: BulkCreateEventsResult['records'] = [];
    let failed = 0;
    while (records.length < count) {
      const rest = events.slice(records.length);
      const chunk = rest.slice(0, MAX_BATCH);
      try {
        const result = ownFields<BulkCreateEventsResult>(await send(chunk));
        if (result.records?.length !== chunk.length) {
          throw new MeshesApiError('The answer of Meshes lacks records');
        }
        records.push(...result.records);
        failed += result.error_count ?? 0;
      } catch (error) {
        const {message, data} = error as {message: string; data: object};
        // Says what became of every event, or the accepted ones would be sent again.
        const outcomes: object[] = records.map(record =>
          isAccepted(record) ? {type: 'event', id: record.id} : record,
        );
        (error as MeshesApiError).data = {
          ...data,
          records: outcomes.concat(
            rest.map((_, index) => ({message: index < MAX_BATCH ? message : 'Not sent'})),
          ),
        };
        throw error;
      }
    }
    return {count, ...(failed && {error_count: failed}), records};
  }

  #read(options: MeshesOptionalRequestOptions | null | undefined): CallOptions {
    const own = readOptions(options ?? {}, CALL_OPTIONS);
    const read = ownFields<CallOptions>(this.#options, own, {
      headers: readHeaders(own.headers, false, {...this.#headers}),
      search: readQuery(own.query),
    }) as CallOptions;
    checkLimits(read);
    return read;
  }

  async #send(path: Path, events: unknown, options: CallOptions): Promise<unknown> {
    let body: string;
    try {
      // Once for all attempts: a later change of the event would not be validated.
      body = JSON.stringify(events);
    } catch {
      // The error of the engine quotes names of fields.
      return invalid('event', 'data that JSON can express');
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#attempt(path, body, options);
        if (options.debug) console.debug('Meshes', path, 'accepted');
        return answer;
      } catch (error) {
        const {message, retryable, retryAfterMs: delay} = error as MeshesApiError;
        if (options.debug) console.error('Meshes', path, message);
        if (!retryable || attempt > options.retries || delay! > MAX_RETRY_AFTER_MS) throw error;
        await wait(delay ?? backoffMs(attempt, Math.random()), options.signal);
      }
    }
  }

  async #attempt(path: Path, body: string, options: CallOptions): Promise<unknown> {
    const {headers, keepalive, timeout, search} = options;
    const controller = new AbortController();
    const {signal} = controller;
    const abort = () => controller.abort();
    // Runs until the body is read: an answer can stall after its headers.
    const timer = setTimeout(abort, timeout);
    // A token function and a patched fetch know nothing of the signal.
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    let secret = '';
    let isSent = false;
    let replace: ((text: string) => string) | undefined;
    // What Meshes answers, and what a fetch says, may quote what was sent.
    const redact = (text: string) =>
      (replace ??= createRedact(body, [secret, search, ...new URLSearchParams(search).values()]))(
        text,
      );
    const exchange = async () => {
      signal.throwIfAborted();
      secret = await this.#secret();
      signal.throwIfAborted();
      isSent = true;
      const response = await (this.#options.fetch ?? fetch)(
        this.#url + path + search,
        ownFields<RequestInit>(
          {
            method: 'POST',
            headers: {
              ...headers,
              ...(this.#isKey
                ? {'X-Meshes-Publishable-Key': secret}
                : {Authorization: `Bearer ${secret}`}),
              'X-Meshes-Client': 'Meshes Events Client (meshes-workspace)',
              'Content-Type': 'application/json',
              Accept: 'application/json',
            },
            body,
            // The key and the event are for this address alone.
            redirect: 'manual',
            signal,
          },
          keepalive && new Blob([body]).size <= MAX_KEEPALIVE_BYTES && {keepalive},
        ),
      );
      // Once headers have come, the event may have been accepted: it must not be sent again.
      isSent = false;
      return readAnswer(response, MAX_ANSWER_BYTES[path], redact, signal);
    };
    try {
      return await Promise.race([exchange(), aborted]);
    } catch (error) {
      if (error instanceof MeshesApiError) throw error;
      if (options.signal?.aborted) {
        throw new MeshesApiError('Aborted', {aborted: true}, {cause: options.signal.reason});
      }
      const message = signal.aborted ? `No answer within ${timeout} ms` : 'The request failed';
      // The reason as text alone: the error itself could hold more than it shows.
      const reason = redact(reasonOf(error)) || message;
      throw new MeshesApiError(message, {message: reason}, {retryable: isSent});
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  async #secret(): Promise<string> {
    if (typeof this.#auth === 'string') return this.#auth;
    // The error of the function could hold a secret.
    return checkSecret(
      await Promise.resolve()
        .then(this.#auth)
        .catch(() => ''),
    );
  }
}

function checkSecret(secret: unknown): string {
  return typeof secret === 'string' && SECRET.test(secret)
    ? secret
    : invalid('token', 'a machine JWT or a function that returns one');
}

function reasonOf(error: unknown): string {
  const {cause = error} = Object(error) as {cause?: unknown};
  const {name, message} = Object(cause) as {name?: unknown; message?: unknown};
  return [name, message].filter(text => typeof text === 'string').join(': ');
}

function settle<T>(
  promise: Promise<T>,
  done: CallbackFunction<T> | undefined,
): Promise<T> | undefined {
  return done ? void promise.then(data => done(null, data), done) : promise;
}
