/** An answer of `{message, error?}` with its HTTP status: the only error shape of the contract. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly error: string | undefined;

  constructor(status: number, message: string, error?: string) {
    super(message);
    this.status = status;
    this.error = error;
  }

  toJSON(): {message: string; error?: string} {
    return this.error === undefined
      ? {message: this.message}
      : {message: this.message, error: this.error};
  }
}

export const badRequest = (message: string): ApiError => new ApiError(400, message, 'bad_request');
export const unauthorized = (message: string, error = 'unauthorized'): ApiError =>
  new ApiError(401, message, error);
export const forbidden = (message: string): ApiError => new ApiError(403, message, 'forbidden');
export const notFound = (message: string): ApiError => new ApiError(404, message, 'not_found');
export const invalid = (message: string): ApiError =>
  new ApiError(422, message, 'validation_error');
