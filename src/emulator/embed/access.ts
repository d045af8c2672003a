/** Of a token's life, the part after which a new one is asked for. */
const refreshAt = 0.8;
/** How long a request that met a 401 waits for the next `meshes:auth`. */
const answerWithinMs = 10_000;
/** A host that keeps sending tokens which the service refuses is asked no further. */
const maxRefusals = 2;

export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface AccessCallbacks {
  /** Post `meshes:token-refresh`. */
  ask(): void;
  /** Post `meshes:token-expired`: there is no usable token any more. */
  lost(): void;
}

/** Keeps the access token in memory alone, sends it with each request, and asks for the next one. */
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

  /** The current token is known to be refused, or there is none. */
  get paused(): boolean {
    return this.#token === undefined || this.#lost || this.#answerTimer !== undefined;
  }

  /** Changes with each `meshes:auth`. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Takes over the token of a `meshes:auth`. */
  accept(token: string): void {
    this.#token = token;
    this.#asked = false;
    this.#lost = false;
    this.#stopTimers();
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const resolve of waiting) resolve(token);
  }

  /** Plans the next refresh for a token that the service has accepted. */
  schedule(expiresInMs: number): void {
    this.#refusals = 0;
    this.#stopTimers();
    this.#askTimer = window.setTimeout(() => this.#ask(), expiresInMs * refreshAt);
    this.#expiryTimer = window.setTimeout(() => this.#lose(), expiresInMs);
  }

  /** The service has refused the current token: ask early, and give up where nothing comes. */
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

  /** JSON in, JSON out. A 401 is tried once more with the token that the host sends thereupon. */
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
