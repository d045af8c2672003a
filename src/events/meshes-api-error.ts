export interface MeshesApiErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/** Every failure of the events client. Holds no key, token, event or query string. */
export class MeshesApiError extends Error {
  override readonly name = 'MeshesApiError';
  /**
   * For an answer that is no 2xx `{status, statusText, data}`; for bad input `{field}`; for a failure of the
   * network `{message}`. Where a batch of more than 100 events broke off, `count`, `error_count` and `records`
   * say besides what became of each.
   */
  // Loosely typed, as code that was written for the client of Meshes reads it without a check.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  declare data: any;
  /** Whether `retries` covers it: a 429, a time-out or a failure of the network. */
  declare readonly retryable: boolean;
  /** The wait that a 429 asks for. */
  declare readonly retryAfterMs: number | undefined;

  constructor(message: string, data?: unknown, options: MeshesApiErrorOptions = {}) {
    super(message, options);
    const {retryable = false, retryAfterMs} = options;
    Object.assign(this, {data, retryable, retryAfterMs});
  }

  toJSON(includeStack = false): {name: string; message: string; data?: unknown; stack?: string} {
    const {name, message, stack} = this;
    const data: unknown = this.data;
    return {name, message, data, stack: includeStack ? stack : undefined};
  }
}

/** @throws MeshesApiError that names a field, never its value */
export function invalid(field: string, demand: string): never {
  throw new MeshesApiError(`${field} has to be ${demand}`, {field});
}
