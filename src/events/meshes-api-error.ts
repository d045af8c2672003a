import {ownFields} from './own-fields.js';

export interface MeshesApiErrorOptions {
  retryable?: boolean;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * Error of the events client.
 *
 * Never contains the key or token, a query, or a password. From a response, it contains the published fields only: `message` and
 * `error`, without the values that the call has sent.
 */
export class MeshesApiError extends Error {
  override readonly name = 'MeshesApiError';
  /**
   * Details of the failure: `{status, statusText, data}` for a response, `{field}` for invalid input, `{message}` for a network
   * failure or a timeout, `{aborted}` after an abort. If a batch of more than 100 events fails, `records` also has the outcome
   * of each event: see `batchOutcomes`.
   *
   * The `data` of a response is `{message?, error?}`, with `error` as text or as `{name?, message?, data?: [{param?, msg?}]}`. For
   * a body that is not JSON, it is a short text or null. Each value of 4 or more characters that the call has sent is
   * replaced by `***`. Some texts are replaced as a whole, such as a text of more than 500 characters.
   */
  // The type is `any`, because code that was written for the client of Meshes reads it without a check.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  declare data: any;
  /** Whether the `retries` option retries this failure: a 429, a timeout, or a network failure. */
  declare readonly retryable: boolean;
  /** Value of `Retry-After` of a 429, in milliseconds. */
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

/** Throws for an invalid value. @throws MeshesApiError that names the field, never its value */
export function invalid(field: string, requirement: string): never {
  throw new MeshesApiError(`${field} must be ${requirement}`, {field});
}
