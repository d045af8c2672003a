import {MeshesServerError, type MeshesServerErrorCode} from './server-error.js';

/**
 * Waits for work, but no longer than `timeout` milliseconds. Then the signal is aborted, and what the work does later is
 * ignored: a callback of the host app, or its own `fetch`, may ignore the signal.
 *
 * @throws MeshesServerError what `expired` returns
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
    // An async function, so that a synchronous throw rejects as well.
    return await Promise.race([(async () => work(controller.signal))(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Calls a function of the host app.
 *
 * @param code for a function that takes too long
 * @param toError for a function that throws
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
