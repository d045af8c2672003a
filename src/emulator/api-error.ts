/** An invalid parameter, and the reason. */
export interface InvalidParam {
  readonly param: string;
  readonly msg: string;
}

export interface ErrorBody {
  message: string;
  error: {name: string; message: string; data: readonly InvalidParam[]};
}

/** An error response with its HTTP status. All errors of the contract have this body. */
export class ApiError extends Error {
  readonly status: number;
  readonly data: readonly InvalidParam[];

  constructor(status: number, name: string, message: string, data: readonly InvalidParam[] = []) {
    super(message);
    this.status = status;
    this.name = name;
    this.data = data;
  }

  toJSON(): ErrorBody {
    const {message, name, data} = this;
    return {message, error: {name, message, data}};
  }
}

const errorOf =
  (status: number, name: string) =>
  (message: string, data: readonly InvalidParam[] = []): ApiError =>
    new ApiError(status, name, message, data);

export const badRequest = errorOf(400, 'BadRequest');
export const unauthorized = errorOf(401, 'Unauthorized');
export const forbidden = errorOf(403, 'Forbidden');
export const notFound = errorOf(404, 'NotFound');
export const methodNotAllowed = errorOf(405, 'MethodNotAllowed');
export const conflict = errorOf(409, 'Conflict');
export const unprocessable = errorOf(422, 'UnprocessableEntity');
export const tooEarly = errorOf(425, 'TooEarly');

/** Creates a 400 for one parameter. */
export const invalidParam = (param: string, msg: string): ApiError =>
  badRequest(`${param}: ${msg}`, [{param, msg}]);
