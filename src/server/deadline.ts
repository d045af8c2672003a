import {MeshesServerError, type MeshesServerErrorCode} from './server-error.js';

/**
 * Waits for work, at most `timeout` milliseconds. Then it aborts the signal and ignores the result, because a callback or a `fetch` of
 * the host app may ignore the signal.
 *
 * @throws MeshesServerError the result of `expired`
 */
export async function withDeadline<Result>(
  timeout: number,
  expired: () => MeshesServerError,
  work: (signal: AbortSignal) => Result | Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(expired());
      controller.abort();
    }, timeout);
  });
  try {
    // An async function, so that a synchronous exception also rejects.
    return await Promise.race([(async () => work(controller.signal))(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls a function of the host app.
 *
 * @param code code of the error if the function takes too long
 * @param toError creates the error if the function throws
 */
export async function callHost<Result>(
  code: MeshesServerErrorCode,
  timeout: number,
  work: () => Result | Promise<Result>,
  toError: (error: unknown) => MeshesServerError,
): Promise<Result> {
  let expired: MeshesServerError | undefined;
  const expire = () =>
    (expired = new MeshesServerError(code, {detail: `No result after ${timeout} ms.`}));
  try {
    return await withDeadline(timeout, expire, work);
  } catch (error) {
    throw expired ?? toError(error);
  }
}
