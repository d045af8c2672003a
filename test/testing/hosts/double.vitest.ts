/** The test double of the packed package, in the DOM that `--environment` names. */
import {afterEach, describe, expect, test, vi} from 'vitest';
import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {MeshesWorkspaceElement as Real} from 'meshes-workspace/element';
import {
  goTo,
  installTestWorkspace,
  sendFrameMessage,
  sendWarning,
  type ReachableState,
} from 'meshes-workspace/testing';

const EVENTS = [
  'meshes-state-change',
  'meshes-ready',
  'meshes-navigate',
  'meshes-resize',
  'meshes-token-refresh',
  'meshes-token-expired',
  'meshes-error',
  'meshes-warning',
] as const;

function create(attributes: Record<string, string> = {'token-endpoint': '/api/meshes/session'}) {
  const element: MeshesWorkspaceElement = document.createElement('meshes-workspace');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  const log: string[] = [];
  for (const type of EVENTS) {
    element.addEventListener(type, event => {
      const {state, previousState, code, path, height, cause} = event.detail as unknown as Record<
        string,
        unknown
      >;
      log.push(
        [type.replace('meshes-', ''), previousState, state, code, path, height, cause]
          .filter(part => part !== undefined)
          .join(' '),
      );
    });
  }
  document.body.append(element);
  return {element, log};
}

afterEach(() => {
  installTestWorkspace();
  document.body.replaceChildren();
});

describe('the test double', () => {
  test('starts in a microtask, and becomes ready by itself', async () => {
    const {element, log} = create();
    expect(element.state).toBe('idle');
    await element.whenReady();
    expect(log).toEqual([
      'state-change idle minting',
      'state-change minting loading',
      'state-change loading ready',
      'ready',
    ]);
    expect(element.expiresAt).toBeGreaterThan(Date.now());
  });

  test('reaches another initial state by itself', async () => {
    installTestWorkspace({initialState: 'failed'});
    const {element} = create();
    await expect(element.whenReady()).rejects.toMatchObject({code: 'endpoint_server'});
  });

  test('answers no request by itself if the initial state is minting', async () => {
    installTestWorkspace({initialState: 'minting'});
    const {element, log} = create();
    await settle();
    expect(log).toEqual(['state-change idle minting']);
    goTo(element, 'ready');
    void element.refresh();
    await settle();
    expect(element.state).toBe('refreshing');
  });

  test('goes to each state through the states that lead there', () => {
    const {element, log} = create();
    const paths: [ReachableState, string[]][] = [
      ['minting', ['state-change idle minting']],
      ['loading', ['state-change minting loading']],
      ['ready', ['state-change loading ready', 'ready']],
      ['refreshing', ['state-change ready refreshing']],
      ['reconnecting', ['state-change refreshing reconnecting', 'warning endpoint_server']],
      ['expired', ['state-change reconnecting expired', 'token-expired']],
      ['ready', ['state-change expired ready', 'token-refresh manual']],
      [
        'failed',
        ['state-change ready minting', 'state-change minting failed', 'error endpoint_server'],
      ],
    ];
    for (const [state, events] of paths) {
      goTo(element, state);
      expect(element.state).toBe(state);
      expect(log.splice(0)).toEqual(events);
    }
  });

  test('goes to every state from every state', () => {
    const states: ReachableState[] = [
      'minting',
      'loading',
      'ready',
      'refreshing',
      'reconnecting',
      'expired',
      'failed',
    ];
    const {element} = create();
    for (const from of states) {
      for (const to of states) {
        goTo(element, from);
        goTo(element, to);
        expect(element.state, `${from} → ${to}`).toBe(to);
      }
    }
  });

  test('has the error that the test asks for', () => {
    const {element} = create();
    goTo(element, 'failed', {code: 'endpoint_rate_limited', retryAfterMs: 5_000});
    expect(element.error).toMatchObject({
      code: 'endpoint_rate_limited',
      phase: 'mint',
      retryable: true,
      status: 429,
      retryAfterMs: 5_000,
    });
    goTo(element, 'expired', {code: 'session_revoked'});
    expect(element.error).toMatchObject({code: 'session_revoked', phase: 'refresh', status: 410});
    goTo(element, 'failed', {code: 'csp_blocked'});
    expect(element.error).toMatchObject({code: 'csp_blocked', phase: 'frame'});
    goTo(element, 'failed', {code: 'config_invalid'});
    expect(element.error).toMatchObject({code: 'config_invalid', phase: 'config'});
    goTo(element, 'ready');
    expect(element.error).toBeNull();
  });

  test('replaces a frame once before a handshake timeout, as the element does', () => {
    const {element, log} = create();
    goTo(element, 'failed', {code: 'handshake_timeout'});
    expect(log).toEqual([
      'state-change idle minting',
      'state-change minting loading',
      'state-change loading minting',
      'state-change minting loading',
      'state-change loading failed',
      'error handshake_timeout',
    ]);
  });

  test('refuses an error that a state never has, and names both', () => {
    const {element} = create();
    expect(() => goTo(element, 'expired', {code: 'csp_blocked'})).toThrow(/expired.*csp_blocked/);
    expect(() => goTo(element, 'ready', {code: 'csp_blocked'})).toThrow(/ready.*no error/);
    expect(() => goTo(element, 'reconnecting', {code: 'session_revoked'})).toThrow(/reconnecting/);
  });

  test('settles the promises of refresh() by goTo()', async () => {
    const {element} = create();
    goTo(element, 'refreshing');
    const refreshed = element.refresh();
    goTo(element, 'ready');
    await expect(refreshed).resolves.toBeUndefined();
    goTo(element, 'refreshing');
    const refused = element.refresh();
    goTo(element, 'expired', {code: 'session_revoked'});
    await expect(refused).rejects.toMatchObject({code: 'session_revoked'});
  });

  test('refreshes and reloads by itself if the page asks for it', async () => {
    const {element, log} = create();
    await element.whenReady();
    log.splice(0);
    await element.refresh();
    expect(log.splice(0)).toEqual([
      'state-change ready refreshing',
      'state-change refreshing ready',
      'token-refresh manual',
    ]);
    await element.reload();
    expect(log).toEqual([
      'state-change ready minting',
      'state-change minting loading',
      'state-change loading ready',
      'ready',
    ]);
  });

  test('recovers if a listener of the page refreshes an expired session', async () => {
    const {element} = create();
    element.addEventListener('meshes-token-expired', () => void element.refresh());
    goTo(element, 'expired');
    await settle();
    expect(element.state).toBe('ready');
  });

  test('ends with its removal, and starts again', async () => {
    const {element, log} = create();
    await element.whenReady();
    log.splice(0);
    const refused = element.refresh();
    element.remove();
    await expect(refused).rejects.toMatchObject({code: 'aborted'});
    expect(element.state).toBe('idle');
    await expect(element.reload()).rejects.toMatchObject({code: 'aborted'});
    document.body.append(element);
    await element.whenReady();
    expect(log.at(-1)).toBe('ready');
  });

  test('starts a new session after a change of the endpoint, and not after the same value', async () => {
    const {element, log} = create();
    await element.whenReady();
    log.splice(0);
    element.tokenEndpoint = '/api/meshes/session';
    await element.updateComplete;
    expect(log).toEqual([]);
    element.tokenEndpoint = '/api/other';
    await element.updateComplete;
    await element.whenReady();
    expect(log[0]).toBe('state-change ready minting');
  });

  test('waits while defer-hydration is set', async () => {
    const {element, log} = create({'token-endpoint': '/api/session', 'defer-hydration': ''});
    await settle();
    expect(log).toEqual([]);
    expect(() => goTo(element, 'ready')).toThrow(/defer-hydration/);
    element.removeAttribute('defer-hydration');
    await element.whenReady();
  });

  test('reports an invalid configuration as the element does', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const {element, log} = create({});
    await settle();
    expect(log).toEqual(['state-change idle failed', 'error config_invalid']);
    expect(() => goTo(element, 'ready')).toThrow(/token-endpoint/);
    expect(warn).toHaveBeenCalledOnce();
    element.tokenEndpoint = '/api/meshes/session';
    await element.updateComplete;
    await element.whenReady();
    warn.mockRestore();
  });

  test('opens a page, and knows the page that the frame shows', async () => {
    const {element, log} = create();
    await element.whenReady();
    log.splice(0);
    await element.open('dashboard');
    expect(log).toEqual([]);
    await element.open('rules');
    expect(log.splice(0)[0]).toBe('state-change ready minting');
    sendFrameMessage(element, {type: 'meshes:navigate', path: '/workspace/events/7'});
    expect([element.path, element.page]).toEqual(['/workspace/events/7', 'events']);
    log.splice(0);
    await element.open('events');
    expect(log).toEqual([]);
    await expect(element.open('settings' as 'rules')).rejects.toMatchObject({
      code: 'config_invalid',
    });
    await element.reload();
    expect([element.path, element.page]).toEqual([null, null]);
  });

  test('ignores a page that cannot be launched, with a warning', async () => {
    const {element, log} = create({'token-endpoint': '/api/session', 'launch-page': 'settings'});
    await element.whenReady();
    expect(log.slice(0, 2)).toEqual(['state-change idle minting', 'warning launch_page_ignored']);
  });

  test('starts a new session after a change of the subject', async () => {
    const {element, log} = create();
    await element.whenReady();
    log.splice(0);
    element.subject = 'another user';
    await element.updateComplete;
    expect(log[0]).toBe('state-change ready minting');
  });

  test('names the error of an expired session in its event', () => {
    const {element} = create();
    const codes: string[] = [];
    element.addEventListener('meshes-token-expired', ({detail}) => codes.push(detail.error.code));
    goTo(element, 'expired', {code: 'session_revoked'});
    expect(codes).toEqual(['session_revoked']);
  });

  test('passes messages of the frame on to the page', () => {
    const {element, log} = create();
    expect(() => sendFrameMessage(element, {type: 'meshes:ready'})).toThrow(/idle/);
    goTo(element, 'ready');
    log.splice(0);
    sendFrameMessage(element, {type: 'meshes:navigate', path: '/workspace/rules'});
    sendFrameMessage(element, {type: 'meshes:navigate', path: 'javascript:alert(1)'});
    sendFrameMessage(element, {type: 'meshes:resize', height: 900});
    sendFrameMessage(element, {type: 'meshes:resize', height: 10});
    sendFrameMessage(element, {type: 'other'});
    sendWarning(element, 'frame_reloaded');
    expect(log).toEqual([
      'navigate /workspace/rules',
      // A path that is not safe is null.
      'navigate ',
      'resize 900',
      'resize 480',
      'warning frame_reloaded',
    ]);
  });

  test('has the properties, methods, and defaults of the element', () => {
    const {element} = create();
    const members = Object.getOwnPropertyNames(Real.prototype).filter(
      name => !INTERNAL.includes(name),
    );
    expect(members.length).toBeGreaterThan(5);
    for (const name of [...members, ...Object.keys(Real.properties)]) {
      expect(name in element, name).toBe(true);
    }
    expect(element).toMatchObject({
      launchUrl: null,
      tokenEndpoint: '/api/meshes/session',
      minHeight: 480,
      maxHeight: 20_000,
      fit: 'content',
      credentials: 'same-origin',
      readyTimeout: 30_000,
      debug: false,
    });
    element.setAttribute('min-height', '200');
    element.setAttribute('fit', 'false');
    expect(element).toMatchObject({minHeight: 200, fit: 'content'});
  });

  test('keeps properties that were set before the element was upgraded', async () => {
    const element = document.createElement('meshes-workspace');
    const template = document.createElement('template');
    template.innerHTML = '<meshes-workspace></meshes-workspace>';
    const early = template.content.firstElementChild as MeshesWorkspaceElement;
    early.tokenEndpoint = '/api/early';
    document.body.append(early);
    expect(early.tokenEndpoint).toBe('/api/early');
    await early.whenReady();
    expect(element.tokenEndpoint).toBeNull();
  });

  test('refuses an element that is no double, or not in the document', () => {
    expect(() => goTo(document.createElement('p'), 'ready')).toThrow(/installTestWorkspace/);
    expect(() => goTo(document.createElement('meshes-workspace'), 'ready')).toThrow(/document/);
  });

  test('takes the place of the element if its module is imported afterwards', async () => {
    await import('meshes-workspace');
    const {element} = create();
    goTo(element, 'ready');
    expect(element instanceof Real).toBe(false);
  });
});

/** Of Lit, of the life of a custom element, and of `keep()`. */
const INTERNAL = [
  'endpoints',
  'handOver',
  'constructor',
  'createRenderRoot',
  'adoptedCallback',
  'connectedMoveCallback',
  'scheduleUpdate',
  'shouldUpdate',
  'willUpdate',
  'render',
  'firstUpdated',
  'updated',
];

const settle = () => new Promise(resolve => setTimeout(resolve));
