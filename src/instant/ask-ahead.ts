import {DEFAULTS} from '../element/attributes.js';
import {type Offer, OFFER_EVENT, type RequestParts} from '../element/offered-answer.js';
import type {MeshesWorkspaceElement} from '../element/meshes-workspace.js';

/** The properties of the element that shape its first request, or decide who may have the answer. */
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

/** What is used of the document of the element. */
export interface RequestDocument {
  readonly baseURI: string;
  readonly cookie: string;
  querySelector(selector: string): Element | null;
  addEventListener(type: string, listener: EventListener): void;
}

/**
 * How long an answer is kept, in ms. Meshes lets a launch URL live for 15 s or more, and the frame needs the rest of this time for
 * its first request.
 */
const KEEP_MS = 10_000;

/**
 * Sends the first request of an element with these settings, and offers the answer to the element that is about to send the same
 * request. Small, because `early.min.js` is a part of pages: `test/instant` compares its requests with those of the element.
 *
 * @param ownHeaders what the page adds
 * @param onEnd called, perhaps more than once, when the answer is taken or discarded
 * @returns discards the answer; undefined if the element sends no request either
 * @throws if the settings have an error, which the element reports
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
      // Throws without an ID: there is no session yet to put into the path.
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
        // Throws for a value that is not encoded, which the element sends as it is.
        decodeURIComponent(`; ${page.cookie}`.split(`; ${csrfCookie}=`)[1]?.split(';')[0] ?? ''));
    if (token) headers.set(settings.csrfHeader || DEFAULTS.csrfHeader, token);
  } else if (!credentials) {
    // The element refuses to guess whether an endpoint on another origin gets cookies.
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
  // Timers stand still while a computer sleeps.
  const endsAt = Date.now() + KEEP_MS;
  let answer: Promise<Response | null> | null = fetch(href, init).then(
    // The element sends a request that has failed again, and reports what is wrong.
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
