import {fieldOf, ownFields} from './own-fields.js';
import {MeshesServerError, type MeshesServerErrorCode} from './server-error.js';

/** The parts of an error that cannot contain a value of a request, a response, or a secret store. */
export interface ErrorSummary {
  name: string;
  /** Code of the error, for example `ECONNREFUSED`. */
  code?: string;
  /** First place in the stack: the function (if it has a name), file, line, and column. */
  at?: string;
  cause?: ErrorSummary;
}

const MAX_DEPTH = 5;

/**
 * Reduces an error to the names and codes of its chain of causes. The messages and other fields can contain values: if a
 * response of Meshes is malformed, undici's error contains the raw body (`cause.data`).
 *
 * @returns undefined if the value is not an object, or if it throws an error when its fields are read
 */
export function summarizeError(error: unknown): ErrorSummary | undefined {
  let summary: ErrorSummary | undefined;
  try {
    summary = readSummary(error, 1);
  } catch {
    // A getter or a proxy can throw an error.
  }
  return summary;
}

function readSummary(error: unknown, depth: number): ErrorSummary | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const fields: {name?: unknown; code?: unknown; cause?: unknown} = error;
  const summary = ownFields<ErrorSummary>({name: identifierOf(fieldOf(fields, 'name')) ?? 'Error'});
  const code = identifierOf(fieldOf(fields, 'code'));
  if (code !== undefined) summary.code = code;
  const at = depth === 1 ? placeOf(error) : undefined;
  if (at !== undefined) summary.at = at;
  const cause = depth < MAX_DEPTH ? readSummary(fieldOf(fields, 'cause'), depth + 1) : undefined;
  if (cause) summary.cause = cause;
  return summary;
}

/** Returns a `MeshesServerError` as it is, and summarizes any other thrown value. */
export function toServerError(code: MeshesServerErrorCode, thrown: unknown): MeshesServerError {
  let isServerError = false;
  try {
    isServerError = thrown instanceof MeshesServerError;
  } catch {
    // A proxy can throw an error when its prototype is read.
  }
  return isServerError ? (thrown as MeshesServerError) : summarizedError(code, thrown);
}

/** Returns an error that names the reason, and whose cause is the summary of another error. */
export function summarizedError(code: MeshesServerErrorCode, error: unknown): MeshesServerError {
  const cause = summarizeError(error);
  return new MeshesServerError(code, cause && {detail: `Reason: ${reasonOf(cause)}.`, cause});
}

/** Returns the last code of the chain, which is the closest to the actual cause, or else the name of the error. */
export function reasonOf(summary: ErrorSummary): string {
  let reason = summary.name;
  for (let link: ErrorSummary | undefined = summary; link; link = link.cause) {
    reason = link.code ?? reason;
  }
  return reason;
}

/** Returns a name or a code, which are short and have no spaces. Any other text could contain a value. */
function identifierOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w.-]{1,39}$/.test(value) ? value : undefined;
}

function placeOf(error: object): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  // The stack begins with the original message of the error. That message can have lines of any form, so only a line that ends
  // with the numbers of a line and a column is a place.
  return /^ +at (.{1,200}:\d+:\d+\)?)$/m.exec(error.stack.replace(error.message, ''))?.[1];
}
