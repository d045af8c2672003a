import {isAccepted} from './batch-outcomes.js';
import type {BulkCreateEventsResult} from './event-types.js';
import {failureData} from './failure-data.js';
import {MeshesApiError} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';
import {retryAfterMs} from './retry-delay.js';

/**
 * Reads a response with a 2xx status and a JSON object. The object for a batch of `count` events must have as many records.
 *
 * For a 2xx without a body, returns null, as documented for the client of Meshes. If that were a failure, callers would send the
 * event again.
 *
 * @throws MeshesApiError for any other response
 */
export async function readAnswer(
  response: Response,
  maxBytes: number,
  redact: (text: string) => string,
  signal: AbortSignal,
  count?: number,
): Promise<unknown> {
  const {ok, status, headers} = response;
  const isRedirect = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
  if (isRedirect) discard(response);
  const text = isRedirect ? null : await readText(response, maxBytes, signal);
  if (ok && text === '') return null;
  const answer = parse(text);
  if (ok && isObject(answer)) {
    if (count === undefined) return answer;
    const {records, count: total, error_count: failed} = ownFields<BulkCreateEventsResult>(answer);
    if (
      Array.isArray(records) &&
      records.length === count &&
      [total, failed].every(number => number === undefined || Number.isInteger(number))
    ) {
      // Programs log failed records, so they are reduced like the response of a failure.
      answer['records'] = records.map((record: unknown) =>
        isAccepted(record)
          ? record
          : {message: 'Failed', ...(failureData(Object(record), redact) as object)},
      );
      return answer;
    }
  }
  const statusText = redact(response.statusText || '');
  const problem = isRedirect
    ? 'with a redirect, which is not followed'
    : !ok
      ? statusText
      : text === null
        ? `with more than ${maxBytes} bytes`
        : isObject(answer)
          ? 'without valid records for all events'
          : 'without a JSON object';
  throw new MeshesApiError(
    `Meshes answered ${status} ${problem}`.trim(),
    {status, statusText, data: failureData(answer, redact) || null},
    {
      retryable: status === 429,
      retryAfterMs: retryAfterMs(
        headers?.get('retry-after') ?? '',
        headers?.get('date'),
        Date.now(),
      ),
    },
  );
}

/** Cancels the download of a body that is not read. */
function discard({body}: Response): void {
  // Also catches the exception for a body without this method: a replaced fetch can return any object.
  Promise.resolve()
    .then(() => body?.cancel())
    .catch(() => {});
}

/** Parses JSON. Returns the text itself if it is not JSON. */
function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
}

/**
 * Reads a body as text. Stops and cancels it beyond `maxBytes`, or if `signal` aborts.
 *
 * @returns null if it is longer than `maxBytes`
 */
async function readText(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | null> {
  // The response of a replaced fetch can lack the stream.
  const reader = response.body?.getReader?.();
  if (!reader) {
    const text = await response.text();
    return text.length > maxBytes ? null : text;
  }
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', cancel);
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ;) {
    const {done, value} = await reader.read();
    signal.throwIfAborted();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > maxBytes) {
      cancel();
      return null;
    }
    text += decoder.decode(value, {stream: true});
  }
}
