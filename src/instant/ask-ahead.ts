import {DEFAULTS} from '../element/attributes.js';
import {type Offer, OFFER_EVENT, type RequestParts} from '../element/offered-answer.js';
import type {MeshesWorkspaceElement} from '../element/meshes-workspace.js';

/** Properties of the element that affect its first request, or identify who may use the response. */
export type RequestSetting = Extract<
  keyof MeshesWorkspaceElement,
  | 'sessionId'
  | 'tokenEndpoint'
  | 'refreshEndpoint'
  | 'launchPage'
  | 'credentials'
  | 'csrfMeta'
  | 'csrfCookie'
  | 'csrfHeader'
  | 'subject'
>;

export type RequestSettings = Partial<Record<RequestSetting, string | null | undefined>>;

/** The used part of the document of the element. */
export interface RequestDocument {
  readonly baseURI: string;
  readonly cookie: string;
  querySelector(selector: string): Element | null;
  addEventListener(type: string, listener: EventListener): void;
}

/**
 * Time for which a response is held, in ms. A launch URL of Meshes is valid for at least 15 s. The frame needs the rest of that time
 * for its first request.
 */
const KEEP_MS = 10_000;

/**
 * Sends the first request of an element with these settings, and offers the response to an element that is about to send the same
 * request. It shares no code with the element, because `early.min.js` must be small: `test/instant` compares their requests.
 *
 * @param ownHeaders headers of the page
 * @param onEnd called, perhaps more than once, when the response is taken or discarded
 * @returns a function that discards the response; undefined if the element would send no request either
 * @throws if the settings are invalid. The element reports the error
 */
export function askAhead(
  settings: RequestSettings,
  page: RequestDocument,
  ownHeaders?: Record<string, string>,
  onEnd?: (taken: boolean) => void,
): (() => void) | undefined {
  const {sessionId, launchPage, csrfMeta, csrfCookie, credentials} = settings;
  const {href, origin: endpointOrigin} = new URL(
    (settings.tokenEndpoint || settings.refreshEndpoint)!.replace(
      /\{session_id\}|:sessionId(?!\w)/g,
      // Throws if the path needs a session ID: there is no session yet.
      () => encodeURIComponent(sessionId!.trim()),
    ),
    page.baseURI,
  );
  const headers = new Headers({
    ...ownHeaders,
    accept: 'application/json',
    'content-type': 'application/json',
  });
  if (endpointOrigin === origin) {
    const token =
      (csrfMeta &&
        (page.querySelector(`meta[name="${csrfMeta}"]`) as HTMLMetaElement | null)?.content) ||
      (csrfCookie &&
        // Throws for an invalid escape. The element sends such a value unchanged, in its own request.
        decodeURIComponent(`; ${page.cookie}`.split(`; ${csrfCookie}=`)[1]?.split(';')[0] ?? ''));
    if (token) headers.set(settings.csrfHeader || DEFAULTS.csrfHeader, token);
  } else if (!credentials) {
    // The element requires `credentials` for an endpoint on another origin, and reports that it is missing.
    return undefined;
  }
  const init = {
    __proto__: null,
    method: 'POST',
    body: JSON.stringify(
      sessionId ? {session_id: sessionId} : launchPage ? {launch_page: launchPage} : {},
    ),
    headers,
    credentials: credentials || 'same-origin',
    cache: 'no-store',
    redirect: 'manual',
  } as RequestInit;
  const key = JSON.stringify([
    href,
    init,
    [...headers],
    settings.subject || null,
  ] satisfies RequestParts);
  // Timers do not run while a computer sleeps.
  const endsAt = Date.now() + KEEP_MS;
  let answer: Promise<Response | null> | null = fetch(href, init).then(
    // The element repeats a failed request, and reports the error.
    response => (response.ok ? response : null),
    () => null,
  );
  const end = (taken: boolean) => {
    answer = null;
    onEnd?.(taken);
  };
  setTimeout(end, KEEP_MS);
  page.addEventListener(OFFER_EVENT, (({detail: offer}: CustomEvent<Offer | null>) => {
    if (!answer) return;
    if (!offer || Date.now() > endsAt) end(false);
    else if (offer(key, answer)) end(true);
  }) as EventListener);
  return () => end(false);
}
