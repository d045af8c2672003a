import {MeshesError, type MeshesErrorPhase} from '../errors.js';
import {isSecureUrl, parseUrl} from '../frame/launch-url.js';

/** An endpoint with an absolute URL: a `<base>` that is added later does not move it. */
export interface Endpoint {
  readonly origin: string;
  /** Its URL for any session ID, to compare endpoints. */
  readonly href: string;
  /**
   * Returns the URL for a request. It is validated again, because the session ID in it comes from a backend.
   *
   * @throws MeshesError
   */
  url(sessionId: string | null, phase: MeshesErrorPhase): URL;
}

/**
 * @param text an absolute or relative URL; `{session_id}` or `:sessionId` in its path stand for the session ID
 * @throws MeshesError `insecure_url`, `config_invalid`
 */
export function createEndpoint(text: string, baseUrl: string): Endpoint {
  const resolve = (sessionId: string | null, phase: MeshesErrorPhase): URL => {
    // guard(absolute-endpoints): a <base> that is added later does not move the endpoint
    const url = parseUrl(fillSessionId(text, sessionId, phase), baseUrl);
    if (!url || !isSecureUrl(url)) {
      throw new MeshesError(
        'insecure_url',
        phase,
        'token-endpoint and refresh-endpoint must be https URLs, or paths on an https page (http is allowed on localhost).',
      );
    }
    return url;
  };
  // The origin of the endpoint does not depend on the ID.
  const {origin, href} = resolve('id', 'config');
  return {
    origin,
    href,
    url(sessionId, phase) {
      const url = resolve(sessionId, phase);
      if (url.origin === origin) return url;
      throw new MeshesError(
        'origin_not_allowed',
        phase,
        'The session_id changes the origin of the endpoint. Use {session_id} only in its path.',
      );
    },
  };
}

/** Puts the ID into the path of a template, percent-encoded. The query is not changed. */
export function fillSessionId(
  template: string,
  sessionId: string | null,
  phase: MeshesErrorPhase,
): string {
  const [, path = '', rest = ''] = /([^?#]*)(.*)/s.exec(template)!;
  const placeholder = /\{session_id\}|:sessionId(?!\w)/g;
  if (!placeholder.test(path)) return template;
  if (sessionId === null || /^\.{1,2}$|\p{Surrogate}/u.test(sessionId)) {
    // A dot segment would be removed by the URL parser, and lead to another endpoint. A lone surrogate has no encoding.
    throw new MeshesError(
      sessionId === null ? 'config_invalid' : 'endpoint_bad_response',
      phase,
      sessionId === null
        ? 'This endpoint needs a session_id, but there is no session yet. Set a token-endpoint without {session_id}.'
        : 'The session_id cannot be part of a path.',
    );
  }
  return path.replace(placeholder, () => encodeURIComponent(sessionId)) + rest;
}
