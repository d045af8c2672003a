import {readBaseUrl} from './api-base-url.js';
import {isAccepted} from './batch-outcomes.js';
import {
  CALL_OPTIONS,
  checkOptions,
  CLIENT_OPTIONS,
  type MeshesEventsAuth,
  type MeshesOptionalRequestOptions,
  type MeshesOptions,
  readOptions,
  readQuery,
  type TokenCallback,
} from './client-options.js';
import type {
  BulkCreateEventsResult,
  CallbackFunction,
  CreateEventResponseSingle,
  MeshesEventBody,
} from './event-types.js';
import {createRedactor, type Redactor} from './failure-data.js';
import {invalid, MeshesApiError} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';
import {readAnswer} from './read-answer.js';
import {readHeaders} from './request-headers.js';
import {retryDelayMs, wait} from './retry-delay.js';
import {validateEvent} from './validate-event.js';

// The published form. The last part allows only characters that a header allows: the error of the browser would quote others.
const KEY = /^mesh_pub_([A-Za-z0-9\-.]+_){2}[!-^`-~]+$/;
// A JWT has three parts. A secret key that was passed by mistake has one, and must not be sent.
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const MAX_BATCH = 100;
// A longer wait is left to the caller: the error has its length.
const MAX_RETRY_AFTER_MS = 300_000;
const MAX_KEEPALIVE_BYTES = 64 * 1024;
// An accepted event has about 400 bytes. A bulk response has up to 100 records, so each may have 10 KiB.
const MAX_ANSWER_BYTES = {'/events': 64 * 1024, '/events/bulk': 1024 * 1024};

type Path = keyof typeof MAX_ANSWER_BYTES;

/** Options of a call, with the defaults of the client. */
interface CallOptions extends MeshesOptionalRequestOptions {
  headers: Record<string, string>;
  timeout: number;
  retries: number;
  search: string;
  /** Shared by all requests of the call, because a response can quote values of an earlier request. */
  redactor: Redactor;
}

/** Client that sends events to Meshes: from a page with a publishable key, or from a server with a machine JWT. */
export class MeshesEventsClient {
  readonly #auth: string | TokenCallback;
  readonly #isKey: boolean;
  readonly #options: Partial<MeshesOptions>;
  readonly #headers: Record<string, string>;
  readonly #url: string;

  /** Creates a client. @throws MeshesApiError for an invalid key, token, or option. It never quotes the value. */
  constructor(auth: MeshesEventsAuth, options: MeshesOptions = {}) {
    this.#isKey = typeof auth === 'string';
    this.#auth = (isObject(auth) ? ownFields<{token: string}>(auth).token : auth) as string;
    if (this.#isKey) {
      if (!KEY.test(this.#auth)) invalid('publishableKey', 'mesh_pub_...');
    } else if (typeof this.#auth !== 'function') checkToken(this.#auth);
    const own = readOptions(options, CLIENT_OPTIONS);
    const {version = 'v1', headers, apiBaseUrl} = own;
    if (version !== 'v1') invalid('version', "'v1'");
    this.#options = ownFields({timeout: 5000, retries: 0, debug: false, keepalive: false}, own);
    checkOptions(this.#options);
    this.#headers = readHeaders(headers, true);
    this.#url = readBaseUrl(apiBaseUrl ?? 'https://events.meshes.io/api/v1', this.#isKey);
  }

  /**
   * Sends one event.
   *
   * @param done receives the result instead of a promise
   * @returns the response of Meshes, or null if it is a 2xx without a body
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
    const send = async () => this.#send('/events', serialize(event), this.#read(options));
    return settle(send() as Promise<CreateEventResponseSingle>, done);
  }

  /**
   * Sends any number of events, up to 100 in one request, one request after the other. Single events can fail:
   * see `batchOutcomes`. If a request fails as a whole, the later requests are not sent.
   *
   * @param done receives the result instead of a promise
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
    // A copy, because the caller may change the array at any time. Unlike `forEach`, the loop visits holes.
    const list: MeshesEventBody[] = [];
    for (const event of events as MeshesEventBody[]) {
      validateEvent(event, `events[${list.length}]`);
      list.push(event);
    }
    return settle(this.#sendBatch(list, options), done);
  }

  async #sendBatch(
    events: readonly MeshesEventBody[],
    options: MeshesOptionalRequestOptions | undefined,
  ): Promise<BulkCreateEventsResult> {
    const read = this.#read(options);
    const count = events.length;
    // All are serialized before the first request: a later change of an event would not be validated.
    const bodies: string[] = [];
    for (let i = 0; i < count; i += MAX_BATCH) {
      bodies.push(serialize(events.slice(i, i + MAX_BATCH)));
    }
    const records: BulkCreateEventsResult['records'] = [];
    for (const body of bodies) {
      const size = Math.min(MAX_BATCH, count - records.length);
      try {
        const answer = await this.#send('/events/bulk', body, read, size);
        if (bodies.length === 1) return answer as BulkCreateEventsResult;
        if (!answer) throw new MeshesApiError('The response of Meshes lacks records');
        records.push(...(answer as BulkCreateEventsResult).records);
      } catch (error) {
        if (bodies.length === 1) throw error;
        const {message, data} = error as {message: string; data: object};
        // Reports the outcome of every event: without it, the accepted ones would be sent again.
        const outcomes: object[] = records.map(record =>
          isAccepted(record) ? {type: 'event', id: record.id} : record,
        );
        while (outcomes.length < count) {
          outcomes.push({message: outcomes.length < records.length + size ? message : 'Not sent'});
        }
        (error as MeshesApiError).data = {...data, records: outcomes};
        throw error;
      }
    }
    const failed = records.filter(record => !isAccepted(record)).length;
    return {count, ...(failed && {error_count: failed}), records};
  }

  #read(options: MeshesOptionalRequestOptions | null | undefined): CallOptions {
    const own = readOptions(options ?? {}, CALL_OPTIONS);
    const headers = readHeaders(own.headers, false, {...this.#headers});
    const search = readQuery(own.query);
    const redactor = createRedactor();
    // Hides the query as a whole, its pairs, and its names and values, with and without escapes.
    const query = [search.slice(1), search.split(/[?&]/), search.split(/[?&=]/)];
    redactor.add(JSON.stringify([Object.values(headers), query, [...new URLSearchParams(search)]]));
    const read = ownFields<CallOptions>(this.#options, own, {
      headers,
      search,
      redactor,
    }) as CallOptions;
    checkOptions(read);
    return read;
  }

  async #send(path: Path, body: string, options: CallOptions, count?: number): Promise<unknown> {
    options.redactor.add(body);
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#attempt(path, body, options, count);
        if (options.debug) console.debug('Meshes', path, 'accepted');
        return answer;
      } catch (error) {
        const {message, retryable, retryAfterMs: delay} = error as MeshesApiError;
        if (options.debug) console.error('Meshes', path, message);
        if (!retryable || attempt > options.retries || delay! > MAX_RETRY_AFTER_MS) throw error;
        await wait(retryDelayMs(attempt, delay, Math.random()), options.signal);
      }
    }
  }

  async #attempt(
    path: Path,
    body: string,
    options: CallOptions,
    count: number | undefined,
  ): Promise<unknown> {
    const {headers, keepalive, timeout, search, redactor} = options;
    const controller = new AbortController();
    const {signal} = controller;
    const abort = () => controller.abort();
    // Runs until the body is read, because a response can stall after its headers.
    const timer = setTimeout(abort, timeout);
    // A token function and a replaced fetch can ignore the signal.
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', reject));
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    let isSent = false;
    const exchange = async () => {
      signal.throwIfAborted();
      const secret = await this.#secret();
      redactor.add(JSON.stringify([secret]));
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
            // guard(events-redirects): the key and the event are sent to this URL only
            redirect: 'manual',
            signal,
          },
          keepalive && new Blob([body]).size <= MAX_KEEPALIVE_BYTES && {keepalive},
        ),
      );
      // After the headers have arrived, the event may have been accepted, so it must not be sent again.
      isSent = false;
      return readAnswer(response, MAX_ANSWER_BYTES[path], redactor.redact, signal, count);
    };
    try {
      return await Promise.race([exchange(), aborted]);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason instanceof MeshesApiError) throw reason;
      if (options.signal?.aborted) {
        throw new MeshesApiError('Aborted', {aborted: true}, {cause: options.signal.reason});
      }
      const message = signal.aborted ? `No response within ${timeout} ms` : 'The request failed';
      // The message of fetch can quote what was sent, so it is redacted. The error itself could contain more, so only its text is kept.
      const data = {message: redactor.redact(reason) || message};
      throw new MeshesApiError(message, data, {retryable: isSent});
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
    }
  }

  async #secret(): Promise<string> {
    if (typeof this.#auth === 'string') return this.#auth;
    // The error of the function could contain a secret.
    return checkToken(
      await Promise.resolve()
        .then(this.#auth)
        .catch(() => ''),
    );
  }
}

function checkToken(secret: unknown): string {
  return typeof secret === 'string' && JWT.test(secret)
    ? secret
    : invalid('token', 'a machine JWT or a function that returns one');
}

/** Returns an error of this client unchanged, and the name and message of any other. */
function reasonOf(error: unknown): MeshesApiError | string {
  try {
    if (error instanceof MeshesApiError) return error;
    const {cause = error} = Object(error) as {cause?: unknown};
    const {name, message} = Object(cause) as {name?: unknown; message?: unknown};
    return [name, message].filter(text => typeof text === 'string').join(': ');
  } catch {
    // A fetch can throw any value, for example an object whose getters throw.
    return '';
  }
}

function serialize(value: unknown): string {
  try {
    const json: unknown = JSON.stringify(value);
    if (typeof json === 'string') return json;
  } catch {
    // The error of the engine quotes names of fields, so it is replaced.
  }
  return invalid('event', 'data that can be converted to JSON');
}

function settle<T>(
  promise: Promise<T>,
  done: CallbackFunction<T> | undefined,
): Promise<T> | undefined {
  return done ? void promise.then(data => done(null, data), done) : promise;
}
