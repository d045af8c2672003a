import {ownFields} from './own-fields.js';

export interface MeshesApiErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * Every failure of the events client.
 *
 * Never holds the key or token, a query, or a password of an address. Of an answer it keeps the published fields alone:
 * `message` and `error`, without the values that the call has sent.
 */
export class MeshesApiError extends Error {
  override readonly name = 'MeshesApiError';
  /**
   * For an answer `{status, statusText, data}`, for invalid input `{field}`, for a network failure or time-out
   * `{message}`, after an abort `{aborted}`. If a batch of more than 100 events fails, `records` also says what became
   * of each event: see `batchOutcomes`.
   *
   * The `data` of an answer is `{message?, error?}`, with `error` as text or as `{name?, message?, data?: [{param?, msg?}]}`; for
   * a body that is not JSON a short text or null. Each value of 4 or more characters that the call has sent is
   * replaced by `***`. Some texts are replaced as a whole, such as a text of more than 500 characters.
   */
  // Loosely typed: code that was written for the client of Meshes reads it without a check.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  declare data: any;
  /** Whether `retries` covers it: a 429, a time-out or a network failure. */
  declare readonly retryable: boolean;
  /** The wait that a 429 asks for, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;

  constructor(message: string, data?: unknown, options: MeshesApiErrorOptions = {}) {
    const own = ownFields<MeshesApiErrorOptions>(options);
    super(message, own);
    const {retryable = false, retryAfterMs} = own;
    Object.assign(this, {data, retryable, retryAfterMs});
  }

  toJSON(includeStack = false): {name: string; message: string; data?: unknown; stack?: string} {
    const {name, message, stack} = this;
    const data: unknown = this.data;
    return {name, message, data, stack: includeStack ? stack : undefined};
  }
}

/** @throws MeshesApiError that names a field, never its value */
export function invalid(field: string, requirement: string): never {
  throw new MeshesApiError(`${field} must be ${requirement}`, {field});
}
