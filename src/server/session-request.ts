import * as z from 'zod/mini';
import {withDeadline} from './deadline.js';
import {ownObject} from './own-fields.js';
import {parseJson} from './parse.js';
import {readText} from './read-text.js';
import {MeshesServerError} from './server-error.js';
import {LAUNCH_PAGES, type LaunchPage} from './session-options.js';

/** A request to the endpoint. A body with `session_id` requests a token of that session, a body without it a new session. */
export interface SessionRequest {
  session_id?: string | undefined;
  launch_page?: LaunchPage | undefined;
}

const MAX_BODY_BYTES = 16 * 1024;

const bodySchema = ownObject(
  z.object({
    session_id: z.optional(z.string().check(z.minLength(1))),
    launch_page: z.optional(z.enum(LAUNCH_PAGES)),
  }),
);

/** @param timeout time for the body to arrive, in milliseconds */
export async function readSessionRequest(
  request: Request,
  timeout: number,
): Promise<SessionRequest> {
  const result = z.safeParse(bodySchema, parseJson(await readBody(request, timeout)));
  if (result.success) return result.data;
  const field = result.error.issues[0]?.path[0];
  if (field === 'session_id') throw new MeshesServerError('session_id_invalid');
  if (field === 'launch_page') throw new MeshesServerError('launch_page_invalid');
  throw new MeshesServerError('body_malformed');
}

async function readBody(request: Request, timeout: number): Promise<string> {
  // Refused before the body is read: some servers close the connection if a body is read only in part.
  const isTooLarge = Number(request.headers.get('content-length')) > MAX_BODY_BYTES;
  const text = isTooLarge
    ? undefined
    : await withDeadline(
        timeout,
        () => new MeshesServerError('body_timeout'),
        signal => readText(request, MAX_BODY_BYTES, signal),
      ).catch((error: unknown) => {
        // Without a cause, because the error of the stream can contain a part of the body.
        throw error instanceof MeshesServerError ? error : new MeshesServerError('body_malformed');
      });
  if (text === undefined) throw new MeshesServerError('body_too_large');
  return text;
}
