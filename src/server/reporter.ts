import {DOCS} from '../errors.js';
import {type ErrorSummary, reasonOf, summarizeError, toServerError} from './error-summary.js';
import {withoutQuotes} from './invalid-fields.js';
import {type MeshesServerError, toProblem} from './server-error.js';

type OnError = (error: MeshesServerError, request: Request | undefined) => unknown;

/** Turns any thrown value into a `MeshesServerError`, and reports it to the operator unless the browser caused it. */
export type Reporter = (error: unknown, request: Request | undefined) => MeshesServerError;

export function createReporter(onError?: OnError): Reporter {
  const log = onError ?? createConsoleLog();
  return (thrown, request) => {
    const error = toServerError('internal_error', thrown);
    const isOfBrowser = error.status < 500 && error.meshesStatus === undefined;
    // A refusal with a detail usually shows a mistake in the setup of the site, so it is logged. It is not a failure that an onError
    // should count.
    const isHint = !onError && error.message !== toProblem(error).title;
    if (!isOfBrowser || isHint) {
      // A callback that fails must neither replace the response nor end the process.
      void new Promise(resolve => resolve(log(error, request))).catch(() => {});
    }
    return error;
  };
}

/**
 * Maximum number of lines for each code. A name can differ from request to request, such as an unknown key in the result of
 * authorize(). Each code has its own limit, so that one cause does not hide the others.
 */
const MAX_LINES = 20;

/** Logs each different error once, independently of quoted values, so that an outage does not fill the log. */
function createConsoleLog(): OnError {
  const written = new Map<string, Set<string>>();
  return error => {
    const line = describe(error);
    const key = withoutQuotes(line);
    const ofCode = written.get(error.code) ?? new Set();
    written.set(error.code, ofCode);
    if (ofCode.has(key) || ofCode.size >= MAX_LINES) return;
    ofCode.add(key);
    console.error(line);
  };
}

function describe({code, message, meshesStatus, cause}: MeshesServerError): string {
  const answered = meshesStatus === undefined ? '' : ` Meshes answered ${meshesStatus}.`;
  // The message of an error of the host app can contain a secret, so only its name, code, and place are logged.
  const isOwn = cause instanceof Error;
  const summary = isOwn ? summarizeError(cause) : (cause as ErrorSummary | undefined);
  const reason = isOwn && summary ? ` Reason: ${reasonOf(summary)}.` : '';
  const place = summary?.at === undefined ? '' : ` Thrown at ${summary.at}.`;
  return `[meshes-workspace/server] ${code}: ${message}${answered}${reason}${place} See ${DOCS}/backend.md#errors`;
}
