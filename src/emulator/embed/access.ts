/** Part of a token's lifetime after which a new token is requested. */
const refreshAt = 0.8;
/** Time for which a request waits for the next `meshes:auth` after a 401. */
const answerWithinMs = 10_000;
/** Number of refused tokens of the host after which no further token is requested. */
const maxRefusals = 2;

export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface AccessCallbacks {
  /** Posts `meshes:token-refresh`. */
  ask(): void;
  /** Posts `meshes:token-expired`: there is no valid token. */
  lost(): void;
}

/** Keeps the access token in memory only, sends it with each request, and requests the next one. */
export class Access {
  readonly #callbacks: AccessCallbacks;
  #token: string | undefined;
  #asked = false;
  #lost = false;
  #refusals = 0;
  #waiting = new Set<(token: string | undefined) => void>();
  #askTimer: number | undefined;
  #expiryTimer: number | undefined;
  #answerTimer: number | undefined;

  constructor(callbacks: AccessCallbacks) {
    this.#callbacks = callbacks;
  }

  /** Whether the current token was refused, or there is none. */
  get paused(): boolean {
    return this.#token === undefined || this.#lost || this.#answerTimer !== undefined;
  }

  /** The current token. Changes with each `meshes:auth`. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Uses the token of a `meshes:auth`. */
  accept(token: string): void {
    this.#token = token;
    this.#asked = false;
    this.#lost = false;
    this.#stopTimers();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve(token);
  }

  /** Schedules the next refresh of an accepted token. */
  schedule(expiresInMs: number): void {
    this.#refusals = 0;
    this.#stopTimers();
    this.#askTimer = window.setTimeout(() => this.#ask(), expiresInMs * refreshAt);
    this.#expiryTimer = window.setTimeout(() => this.#lose(), expiresInMs);
  }

  /** Handles a refused token: requests a new one, and gives up if none arrives. */
  refused(): void {
    if (this.#lost || this.#answerTimer !== undefined) return;
    this.#refusals++;
    if (this.#refusals > maxRefusals) {
      this.#lose();
      return;
    }
    this.#ask();
    this.#answerTimer = window.setTimeout(() => this.#lose(), answerWithinMs);
  }

  /** Sends and receives JSON. After a 401, retries once with the next token of the host. */
  async request<T>(path: string, init: {method?: string; body?: unknown} = {}): Promise<T> {
    const token = this.#token ?? (await this.#nextToken());
    const response = await this.#fetch(path, init, token);
    if (response.status !== 401) return read<T>(response);
    if (this.#token === token) this.refused();
    const next = this.#token === token ? await this.#nextToken() : this.#token;
    const second = await this.#fetch(path, init, next);
    if (second.status === 401 && this.#token === next) this.refused();
    return read<T>(second);
  }

  #fetch(
    path: string,
    {method = 'GET', body}: {method?: string; body?: unknown},
    token: string | undefined,
  ): Promise<Response> {
    if (token === undefined) throw new RequestError(401, 'Authentication required');
    return fetch(path, {
      method,
      cache: 'no-store',
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
      },
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    });
  }

  #nextToken(): Promise<string | undefined> {
    if (this.#lost) return Promise.resolve(undefined);
    return new Promise(resolve => this.#waiting.add(resolve));
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#callbacks.ask();
  }

  #lose(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#stopTimers();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve(undefined);
    this.#callbacks.lost();
  }

  #stopTimers(): void {
    for (const timer of [this.#askTimer, this.#expiryTimer, this.#answerTimer]) clearTimeout(timer);
    this.#askTimer = this.#expiryTimer = this.#answerTimer = undefined;
  }
}

const read = async <T>(response: Response): Promise<T> => {
  const data: unknown =
    response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return data as T;
  const message = (data as {message?: unknown} | undefined)?.message;
  throw new RequestError(
    response.status,
    typeof message === 'string' ? message : `The request failed (${response.status}).`,
  );
};
