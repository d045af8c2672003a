import {corsHeaders, preflightHeaders} from './cors.js';
import {ownFields} from './own-fields.js';
import {checkIsRequest} from './request-guard.js';
import {type MeshesServerError, toProblem} from './server-error.js';

/**
 * Creates the response of the session endpoint, with CORS headers, preflights, and problem documents. Never rejects.
 *
 * @param work returns the JSON body of a success, or undefined for 204
 * @param report returns the error for an exception of `work`
 */
export async function respond(
  request: Request,
  allowedOrigins: readonly string[],
  work: () => Promise<object | undefined>,
  report: (error: unknown) => MeshesServerError,
): Promise<Response> {
  let cors: Record<string, string> | undefined;
  try {
    checkIsRequest(request);
    cors = corsHeaders(request, allowedOrigins);
    const preflight = cors && preflightHeaders(request);
    if (preflight) return send(204, undefined, {...cors, ...preflight});
    const body = await work();
    return send(body ? 200 : 204, body, {...cors, ...NO_STORE});
  } catch (thrown) {
    const error = report(thrown);
    const {code, status, retryAfter} = error;
    return send(status, toProblem(error), {
      ...cors,
      ...NO_STORE,
      'Content-Type': 'application/problem+json',
      ...(code === 'method_not_allowed' && {Allow: 'POST'}),
      ...(retryAfter !== undefined && {'Retry-After': String(retryAfter)}),
    });
  }
}

const NO_STORE = {'Cache-Control': 'no-store'};

function send(status: number, body: object | undefined, headers: Record<string, string>): Response {
  const type = body && {'Content-Type': 'application/json'};
  return new Response(
    body ? JSON.stringify(body) : null,
    ownFields({status, headers: {...type, ...headers}}),
  );
}
