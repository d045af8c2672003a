import {windowPort} from '../frame/window-port.js';
import {systemClock} from '../session/clock.js';
import type {
  FrameHost,
  SessionNotice,
  WorkspaceSessionOptions,
} from '../session/session-options.js';
import {createTokenSource, type SessionProvider} from '../session/token-source.js';
import {DEFAULTS, normalizeText} from './attributes.js';
import type {Configuration} from './configuration.js';
import {startMeasure} from './measure.js';
import {takeAnswer} from './offered-answer.js';
import {ownOrigin} from './own-document.js';
import {isVisible} from './page-watch.js';
import {requestHeaders, type RequestHeaders} from './request-headers.js';

/** The properties that a session reads for each request: they can change without a restart. */
export interface LiveSettings {
  readonly sessionProvider: SessionProvider | null;
  readonly requestHeaders: RequestHeaders | null;
  readonly csrfMeta: string | null;
  readonly csrfCookie: string | null;
  readonly csrfHeader: string;
  readonly subject: string | null;
}

/**
 * Returns the options of a session with the clock, the network, and the windows of this page.
 *
 * @param onAnswer called when a token has arrived
 */
export function sessionOptions(
  {launch, endpoints, separateEndpoints, pinned, readyTimeoutMs}: Configuration,
  element: LiveSettings,
  launchPage: () => string | null,
  frames: FrameHost,
  notify: (notice: SessionNotice) => void,
  onAnswer?: () => void,
): WorkspaceSessionOptions {
  const ready = startMeasure('ready');
  return {
    source: createTokenSource({
      provider: () => element.sessionProvider ?? null,
      endpoints,
      headers: url =>
        requestHeaders(url, element.requestHeaders, {
          meta: normalizeText(element.csrfMeta),
          cookie: normalizeText(element.csrfCookie),
          header: normalizeText(element.csrfHeader) ?? DEFAULTS.csrfHeader,
        }),
      fetch: (url, init) => {
        // Looked up for each request, because monitoring tools can replace it at any time.
        const send = () => fetch(url, init);
        const headers = [...(init!.headers as Headers)];
        const subject = normalizeText(element.subject);
        const answer = takeAnswer([url as string, {...init, signal: undefined}, headers, subject]);
        return answer ? answer.then(response => response ?? send()) : send();
      },
      now: () => systemClock.now(),
      onAnswer,
    }),
    launch,
    launchPage,
    pageOrigin: ownOrigin(),
    separateEndpoints,
    pinned,
    readyTimeoutMs,
    isolated: crossOriginIsolated,
    frames,
    port: windowPort,
    clock: systemClock,
    random: Math.random,
    environment: {
      online: () => navigator.onLine,
      visible: isVisible,
    },
    notify: notice => {
      try {
        if (notice.type === 'ready') ready();
        notify(notice);
      } catch (error) {
        // For example, a console method that throws. The window receives an error event, and the session continues.
        reportError(error);
      }
    },
  };
}
