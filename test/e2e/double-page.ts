/** A page script: the element and its double, side by side, in random sequences. The spec beside it bundles and runs it. */
import {define, type MeshesWorkspaceElement} from '../../src/element/index.js';
import {EVENT_TYPES} from '../../src/element/element-events.js';
import type {SessionEvent} from '../../src/session/machine.js';
import {controllerOf, createDouble} from '../../src/testing/test-workspace.js';
import {installTestWorkspace} from '../../src/testing/index.js';

type Reply = 'session' | 'busy' | 'refused' | 'never';

declare global {
  interface HTMLElementTagNameMap {
    'real-workspace': MeshesWorkspaceElement;
    'double-workspace': MeshesWorkspaceElement;
  }
}

interface Side {
  readonly element: MeshesWorkspaceElement;
  readonly log: string[];
}

const ORIGIN = 'https://embed.meshes.io';
/** Warnings that the frame causes, without the state machine. */
const OF_FRAMES = [
  'slow',
  'frame_reloaded',
  'refresh_storm',
  'frame_origin_changed',
  'message_flood',
];

// Before the double, which would take its name.
define('real-workspace');
installTestWorkspace({initialState: 'minting'});
customElements.define('double-workspace', createDouble());

function createSide(tag: 'real-workspace' | 'double-workspace'): Side {
  const element: MeshesWorkspaceElement = document.createElement(tag);
  const log: string[] = [];
  const ids: string[] = [];
  const ordinal = (id: string) => {
    if (!ids.includes(id)) ids.push(id);
    return `session ${ids.indexOf(id)}`;
  };
  for (const type of EVENT_TYPES) {
    if (type === 'meshes-resize') continue;
    element.addEventListener(type, event => {
      const detail = event.detail as unknown as Record<string, unknown>;
      const {code} = detail;
      if (type === 'meshes-warning' && OF_FRAMES.includes(code as string)) return;
      const {state, error, expiresAt} = element;
      log.push(
        JSON.stringify([
          type,
          {...detail, code, error: error?.code, origin: undefined, name: undefined},
          state,
          error?.code,
          expiresAt === null,
          element.path,
          element.page,
        ])
          .replace(/"sessionId":"([^"]+)"/g, (_, id: string) => ordinal(id))
          .replace(/"expiresAt":\d+/g, '"a time"'),
      );
    });
  }
  return {element, log};
}

/** Lets every promise of both sides settle: a task comes after all microtasks. */
const settle = async () => {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise<void>(resolve => {
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }
};

/** @returns how many events were compared @throws Error with the sequence and both logs */
export async function compareOnce(names: readonly string[], launched: boolean): Promise<number> {
  const machineEvents: SessionEvent[] = [];
  Object.assign(globalThis, {machineEvents});
  let reply: Reply = 'session';
  let issued = 0;
  const real = createSide('real-workspace');
  const double = createSide('double-workspace');
  const answer = (sessionId: string | null) => {
    issued += 1;
    switch (reply) {
      case 'session':
        return {
          session_id: sessionId ?? `sess_${issued}`,
          access_token: `token-${issued}`,
          expires_in: 1800,
          launch_url: `${ORIGIN}/workspace/dashboard?launch=${issued}`,
        };
      case 'busy':
        throw new Error('The provider of this test is busy.');
      case 'refused':
        throw Object.assign(new Error('Refused.'), {
          name: 'MeshesError',
          code: 'session_revoked',
          phase: 'refresh',
          retryable: false,
        });
      case 'never':
        return new Promise<never>(() => {});
    }
  };
  for (const {element} of [real, double]) {
    element.sessionProvider = {
      mint: async ({sessionId}) => answer(sessionId),
      refresh: async ({sessionId}) => answer(sessionId),
    };
    element.readyTimeout = 1e9;
    if (launched) {
      element.launchUrl = `${ORIGIN}/workspace/dashboard?launch=page-${Math.random()}`;
      element.sessionId = 'sess_of_the_page';
    }
  }
  const frame = () => real.element.shadowRoot?.querySelector('iframe');
  const say = (type: string, fields: object = {}) => {
    const source = frame()?.contentWindow ?? null;
    if (!source) return;
    const data = {type, ...fields};
    window.dispatchEvent(new MessageEvent('message', {data, origin: ORIGIN, source}));
    // The machine does not see it, so the double has to hear it too.
    if (type === 'meshes:navigate') controllerOf(double.element, 'test').receive(data);
  };
  const each = (act: (element: MeshesWorkspaceElement) => unknown) => {
    act(real.element);
    act(double.element);
  };
  const actions: Record<string, () => void> = {
    ready: () => say('meshes:ready'),
    'token-refresh': () => say('meshes:token-refresh'),
    'token-expired': () => say('meshes:token-expired'),
    navigate: () => say('meshes:navigate', {path: '/workspace/rules', extra: 1}),
    refresh: () => each(element => element.refresh().catch(() => {})),
    reload: () => each(element => element.reload().catch(() => {})),
    remove: () => each(element => element.remove()),
    'open() rules': () => each(element => element.open('rules').catch(() => {})),
    'open() events': () => each(element => element.open('events').catch(() => {})),
    subject: () => each(element => (element.subject = element.subject === 'a' ? 'b' : 'a')),
    append: () => each(element => element.isConnected || document.body.append(element)),
    online: () => window.dispatchEvent(new Event('online')),
    visible: () => document.dispatchEvent(new Event('visibilitychange')),
    'open rules': () => each(element => (element.launchPage = 'rules')),
    'open events': () => each(element => (element.launchPage = 'events')),
    'unknown page': () => each(element => (element.launchPage = 'settings' as 'rules')),
    'same page': () =>
      each(element => {
        const {launchPage} = element;
        element.launchPage = launchPage;
      }),
    misconfigure: () => each(element => (element.fit = 'wrong' as 'fill')),
    configure: () => each(element => (element.fit = 'content')),
    session: () => (reply = 'session'),
    busy: () => (reply = 'busy'),
    refused: () => (reply = 'refused'),
    never: () => (reply = 'never'),
  };
  /** What both sides do by themselves: the double starts, ends, and calls of the page are its own. */
  const own = ['start', 'dispose', 'failure', 'refresh'];
  const follow = () => {
    for (const event of machineEvents.splice(0)) {
      if (!own.includes(event.type)) controllerOf(double.element, 'test').dispatch(event);
    }
  };
  try {
    for (const [index, name] of ['append', ...names].entries()) {
      actions[name]!();
      await settle();
      follow();
      await settle();
      follow();
      if (
        real.log.join('\n') !== double.log.join('\n') ||
        real.element.state !== double.element.state
      ) {
        const done = names.slice(0, index).join(', ');
        throw new Error(
          `after ${done}\nelement (${real.element.state}):\n${real.log.join('\n')}\ndouble (${double.element.state}):\n${double.log.join('\n')}`,
        );
      }
    }
    return real.log.length;
  } finally {
    each(element => element.remove());
  }
}

Object.assign(globalThis, {compareOnce});
