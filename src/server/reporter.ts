import {type ErrorSummary, reasonOf, summarizedError, summarizeError} from './error-summary.js';
import {MeshesServerError} from './server-error.js';

type OnError = (error: MeshesServerError, request: Request | undefined) => unknown;

/** Turns any thrown value into a `MeshesServerError`, and reports it to the operator unless the browser caused it. */
export type Reporter = (error: unknown, request: Request | undefined) => MeshesServerError;

export function createReporter(onError: OnError = createConsoleLog()): Reporter {
  return (thrown, request) => {
    const error =
      thrown instanceof MeshesServerError ? thrown : summarizedError('internal_error', thrown);
    if (error.status >= 500 || error.meshesStatus !== undefined) {
      // A callback that fails must neither replace the response nor end the process.
      void new Promise(resolve => resolve(onError(error, request))).catch(() => {});
    }
    return error;
  };
}

/** Enough for every cause in a misconfigured site. Bounded, because a detail can vary from request to request. */
const MAX_LINES = 100;

/** Writes each different error once, so that an outage does not fill the log. */
function createConsoleLog(): OnError {
  const written = new Set<string>();
  return error => {
    const line = describe(error);
    if (written.has(line) || written.size >= MAX_LINES) return;
    written.add(line);
    console.error(line);
  };
}

function describe({code, message, meshesStatus, cause}: MeshesServerError): string {
  const answered = meshesStatus === undefined ? '' : ` Meshes answered ${meshesStatus}.`;
  // The message of the host app's own error can hold a secret, so the console gets its name, its code, and its place.
  const isOwn = cause instanceof Error;
  const summary = isOwn ? summarizeError(cause) : (cause as ErrorSummary | undefined);
  const reason = isOwn && summary ? ` Reason: ${reasonOf(summary)}.` : '';
  const place = summary?.at === undefined ? '' : ` Thrown at ${summary.at}.`;
  return `[meshes-workspace/server] ${code}: ${message}${answered}${reason}${place} (docs/backend.md#errors)`;
}
