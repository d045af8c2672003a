import {readFileSync} from 'node:fs';
import path from 'node:path';

const SESSION = [
  'test/session/workspace-session.test.ts',
  'test/session/workspace-session-faults.test.ts',
  'test/session/flight.test.ts',
];

/**
 * What each guard is, how it is taken away (exact text → what takes its place), and the tests that have to notice: files for
 * node:test, files for @web/test-runner in Chromium.
 */
export const GUARDS = [
  {
    name: 'source',
    what: 'a message counts only from the window of the frame',
    file: 'src/frame/window-port.ts',
    from: 'receivers.get(source)?.receive(message);',
    to: 'for (const {receive} of [...receivers.values()]) receive(message);',
    browser: ['test/attacks/senders.browser.ts'],
  },
  {
    name: 'origin',
    what: 'a message counts only from the exact origin of the launch',
    file: 'src/frame/frame-channel.ts',
    from: 'if (received.origin !== origin) {',
    to: 'if (received.origin === undefined) {',
    node: ['test/frame/frame-channel.test.ts', 'test/measure/figures.test.ts'],
    browser: ['test/attacks/navigation.browser.ts'],
  },
  {
    name: 'schema',
    what: 'a message counts only in a published form',
    file: 'src/frame/frame-channel.ts',
    from: 'const message = parseMessage(read(received));',
    to: 'const message = (parseMessage(received.data) ?? received.data) as FrameMessage;',
    node: ['test/frame/frame-channel.test.ts'],
    browser: ['test/attacks/data.browser.ts'],
  },
  {
    name: 'target-origin',
    what: 'a token is posted to the exact origin of the launch',
    file: 'src/frame/window-port.ts',
    from: 'frame.contentWindow?.postMessage(message, origin);',
    to: "frame.contentWindow?.postMessage(message, origin && '*');",
    browser: ['test/attacks/navigation.browser.ts'],
  },
  {
    name: 'single-flight',
    what: 'one request for a token at a time',
    file: 'src/session/workspace-session.ts',
    from: 'if (this.#flight) return this.#flight.flight.nudge();',
    to: '',
    node: [...SESSION, 'test/measure/figures.test.ts'],
  },
  {
    name: 'disposal',
    what: 'the end of a session ends all that hangs on it',
    file: 'src/session/workspace-session.ts',
    from: "[this.#snapshot] = transition(this.#snapshot, {type: 'dispose'});\n    this.#controller.abort();\n    this.#flight?.controller.abort();",
    to: "[this.#snapshot] = transition(this.#snapshot, {type: 'dispose'});",
    node: ['test/session/workspace-session.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'late-answers',
    what: 'the answer to a request that is no longer wanted is dropped',
    file: 'src/session/flight.ts',
    from: 'const outcome = await this.#attempt(timeoutMs);\n      if (signal.aborted) return;',
    to: 'const outcome = await this.#attempt(timeoutMs);',
    node: SESSION,
  },
  {
    name: 'clamp',
    what: 'the height of the frame stays between its bounds',
    file: 'src/element/frame-height.ts',
    from: 'return Math.max(min, Math.min(max, Math.ceil(contentHeight)));',
    to: 'return max > min ? Math.ceil(contentHeight) : min;',
    browser: ['test/element/sizing.browser.ts', 'test/attacks/data.browser.ts'],
  },
  {
    name: 'rate-limit',
    what: 'early requests of the frame go through the token bucket',
    file: 'src/session/workspace-session.ts',
    from: 'if (!early) return serve();',
    to: 'if (!early || event) return serve();',
    node: ['test/session/workspace-session.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'request-timeout',
    what: 'a request that stalls is given up',
    file: 'src/session/flight.ts',
    from: 'const cancelTimer = after(clock, timeoutMs, signal, end);',
    to: 'const cancelTimer = end && timeoutMs ? () => {} : after(clock, 0, signal, end);',
    node: ['test/session/flight.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'ready-timeout',
    what: 'a frame that never speaks is given up',
    file: 'src/session/launched-frame.ts',
    from: 'if (!this.#spoke) options.onTimeout(this.#timeoutError());',
    to: '',
    node: ['test/session/workspace-session.test.ts'],
  },
  {
    name: 'pin',
    what: 'embed-origin names the only origins of a launch',
    file: 'src/frame/launch-url.ts',
    from: 'if (pinned.length > 0 && !pinned.includes(origin)) {',
    to: 'if (pinned.length < 0) {',
    node: ['test/frame/launch-url.test.ts', 'test/measure/figures.test.ts'],
    browser: ['test/attacks/injection.browser.ts'],
  },
  {
    name: 'own-origin',
    what: 'no frame is launched on the origin of the page',
    file: 'src/frame/launch-url.ts',
    from: 'if (origin === pageOrigin) {',
    to: 'if (origin === undefined) {',
    node: ['test/frame/launch-url.test.ts'],
    browser: ['test/attacks/injection.browser.ts'],
  },
  {
    name: 'session-id',
    what: 'a refresh counts only for the session that was asked for',
    file: 'src/session/token.ts',
    from: 'if (sessionId !== null && answeredId !== null && answeredId !== sessionId) {',
    to: 'if (sessionId !== null && answeredId === undefined) {',
    node: ['test/session/token.test.ts'],
    browser: ['test/attacks/account-switch.browser.ts'],
  },
  {
    name: 'redirects',
    what: 'a redirect is no answer',
    file: 'src/http/request-json.ts',
    from: "redirect: 'manual',",
    to: "redirect: 'follow',",
    node: ['test/http/request-json.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'one-reading',
    what: 'the URL that was checked is the one that is loaded',
    file: 'src/element/frame-view.ts',
    from: 'src: href,',
    to: "src: href.replace('://', ':'),",
    browser: ['test/attacks/readings.browser.ts'],
  },
  {
    name: 'confirmed-origin',
    what: 'a frame that launch-url started gets a token only if something else names its origin',
    file: 'src/session/workspace-session.ts',
    from: 'if (mustConfirm && !isConfirmed(',
    to: 'if (!mustConfirm && !isConfirmed(',
    node: ['test/session/workspace-session.test.ts'],
  },
  {
    name: 'absolute-endpoints',
    what: 'a <base> that is added later moves no endpoint',
    file: 'src/session/endpoint.ts',
    from: 'parseUrl(fillSessionId(text, sessionId, phase), baseUrl);',
    to: "parseUrl(fillSessionId(text, sessionId, phase), sessionId === 'id' ? baseUrl : globalThis.document?.baseURI);",
    browser: ['test/attacks/readings.browser.ts'],
  },
  {
    name: 'bounded-copy',
    what: 'what is copied out of a message is counted before it is read',
    file: 'src/frame/plain-copy.ts',
    from: 'if (valuesLeft < 0 || depth > MAX_DEPTH) throw TOO_MUCH;',
    to: 'if (depth > MAX_DEPTH) throw TOO_MUCH;',
    node: ['test/frame/plain-copy.test.ts'],
  },
  {
    name: 'message-rate',
    what: 'a flood of navigations is handled at a bounded rate',
    file: 'src/session/launched-frame.ts',
    from: 'if (gate) gate.pass(() => onMessage(message));',
    to: 'if (!message) gate?.pass(() => onMessage(message));',
    browser: ['test/attacks/data.browser.ts'],
  },
  {
    name: 'final-answers',
    what: 'an answer that says "retryable": false is not retried',
    file: 'src/http/request-json.ts',
    from: "if (problem.isFinal && isRetryable(code)) code = 'endpoint_http';",
    to: '',
    node: ['test/http/request-json.test.ts'],
  },
  {
    name: 'page-names',
    what: 'names of elements do not stand for the document’s own',
    file: 'src/element/own-document.ts',
    from: 'Reflect.get(Document.prototype, name, document)',
    to: 'Reflect.get(document, name, document)',
    browser: ['test/attacks/page.browser.ts'],
  },
  {
    name: 'rights',
    what: 'a refresh keeps no right that authorize() no longer gives',
    file: 'src/server/sessions.ts',
    from: 'if (handle.grant !== (await digestOfGrant(session)))',
    to: 'if (handle.grant === (await digestOfGrant(session)) + handle.grant)',
    node: ['test/server/grants.test.ts'],
  },
  {
    name: 'server-redirects',
    what: 'the server helper follows no redirect of Meshes',
    file: 'src/server/call-meshes.ts',
    from: "redirect: 'manual',",
    to: '',
    node: ['test/server/meshes-answers.test.ts'],
  },
  {
    name: 'events-redirects',
    what: 'the events client follows no redirect',
    file: 'src/events/meshes-events-client.ts',
    from: "redirect: 'manual',",
    to: '',
    node: ['test/events/attacks.test.ts'],
  },
  {
    name: 'events-own-fields',
    what: 'the events client reads own fields only',
    file: 'src/events/own-fields.ts',
    from: 'Object.create(null) as object',
    to: '{}',
    node: ['test/events/attacks.test.ts'],
  },
];

/** The text of the guard's file without the guard. A patch that fits nothing would prove nothing: it throws. */
export function withoutGuard({name, file, from, to}, root) {
  const parts = readFileSync(path.join(root, file), 'utf8').split(from);
  if (parts.length !== 2) {
    throw new Error(
      `The guard ${name} is ${parts.length - 1} times in ${file}, not once: mend scripts/measure/guards/guard-list.mjs`,
    );
  }
  return parts.join(to);
}
