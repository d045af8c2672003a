import {crossSiteOrigin} from './endpoint.js';
import {define, type MeshesWorkspaceElement} from '../../src/element/index.js';
import {EVENT_TYPES} from '../../src/element/element-events.js';

define();

/** A session as Meshes answers it, for the page of fixtures that can be embedded. */
export function sessionAnswer(changes: Record<string, unknown> = {}) {
  return {
    session_id: 'sess_1',
    access_token: 'token-1',
    expires_in: 1800,
    launch_url: launchUrl(),
    ...changes,
  };
}

let launches = 0;

/** A launch URL on another site that works once, as all do; `?mute` keeps its page silent. */
export function launchUrl({mute = false, origin = crossSiteOrigin} = {}): string {
  launches += 1;
  return `${origin}/test/fixtures/embed.html?launch=${launches}${mute ? '&mute' : ''}`;
}

export interface Recorded {
  type: string;
  detail: Record<string, unknown>;
}

/** What the fixture page in a frame reported. */
interface Report {
  fixture: 'loaded' | 'heard';
  data: {message?: unknown; origin?: string; href?: string; referrer?: string};
}

export interface Workspace {
  element: MeshesWorkspaceElement;
  /** Everything the element dispatched so far. */
  events: Recorded[];
  types: () => string[];
  /** The states so far, without `idle`. */
  states: () => string[];
  frame: () => HTMLIFrameElement | null;
  /** The text of the part of this name, where it is shown. */
  shown: (part: string) => string | null;
  button: () => HTMLButtonElement | null;
  /** Resolves with the next event of this type, or one that has come since `after` events. */
  event: (type: string, after?: number) => Promise<Recorded>;
  /** Resolves when this holds of the element's shadow root. */
  changes: (condition: () => boolean) => Promise<void>;
  /** Resolves when the element has told that the frame shows this path. */
  navigated: (path: string) => Promise<void>;
  /** Resolves when the element is in this state. */
  reaches: (state: string) => Promise<void>;
  /** The documents that have loaded in the frame so far, and the messages they heard. */
  loads: string[];
  heard: unknown[];
  /** Resolves when the frame has heard that many messages. */
  hears: (count: number) => Promise<unknown[]>;
  loaded: (count: number) => Promise<void>;
  /** Lets the frame post a message to the page. */
  say: (message: unknown, times?: number) => void;
  command: (command: Record<string, unknown>) => void;
}

const mounted = new Set<HTMLElement>();

/** Takes every element out of the document; call it after each test. */
export function cleanUp(): void {
  for (const element of mounted) element.remove();
  mounted.clear();
}

/** A `<meshes-workspace>` that records what it does; connected unless `connect` is false. */
export function createWorkspace(
  properties: Partial<MeshesWorkspaceElement> = {},
  {connect = true, parent = document.body} = {},
): Workspace {
  const element = document.createElement('meshes-workspace');
  const workspace = observe(Object.assign(element, properties));
  if (connect) parent.append(element);
  return workspace;
}

export function observe(element: MeshesWorkspaceElement): Workspace {
  mounted.add(element);
  const events: Recorded[] = [];
  const loads: string[] = [];
  const heard: unknown[] = [];
  const checks = new Set<() => void>();
  const recheck = () => [...checks].forEach(check => check());
  const until = (condition: () => boolean) =>
    new Promise<void>(resolve => {
      const check = () => {
        if (!condition()) return;
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      check();
    });
  for (const type of EVENT_TYPES) {
    element.addEventListener(type, event => {
      events.push({type, detail: event.detail as unknown as Recorded['detail']});
      recheck();
    });
  }
  const frame = () => element.shadowRoot?.querySelector('iframe') ?? null;
  window.addEventListener('message', ({data, source}: MessageEvent<Report>) => {
    if (source === null || source !== frame()?.contentWindow) return;
    if (data?.fixture === 'loaded') loads.push(data.data.href!);
    if (data?.fixture === 'heard') heard.push(data.data.message);
    recheck();
  });
  const command = (message: Record<string, unknown>) =>
    frame()!.contentWindow!.postMessage(message, '*');
  return {
    element,
    events,
    loads,
    heard,
    frame,
    command,
    types: () => events.map(({type}) => type),
    states: () =>
      events
        .filter(({type}) => type === 'meshes-state-change')
        .map(({detail}) => detail.state as string),
    shown: part => {
      const view = element.shadowRoot!.querySelector<HTMLElement>(`[part=${part}]`);
      return view && view.checkVisibility() ? view.innerText : null;
    },
    button: () => element.shadowRoot!.querySelector('button'),
    event: async (type, after = 0) => {
      const find = () => events.slice(after).find(event => event.type === type);
      await until(() => find() !== undefined);
      return find()!;
    },
    changes: condition =>
      new Promise(resolve => {
        const check = () => {
          if (!condition()) return;
          observer.disconnect();
          resolve();
        };
        const observer = new MutationObserver(check);
        observer.observe(element.shadowRoot!, {attributes: true, childList: true, subtree: true});
        check();
      }),
    navigated: path => until(() => events.some(({detail}) => detail.path === path)),
    reaches: async state => {
      await until(() => element.state === state);
      await element.updateComplete;
    },
    hears: async count => {
      await until(() => heard.length >= count);
      return heard;
    },
    loaded: count => until(() => loads.length >= count),
    say: (message, times = 1) => command({fixture: 'say', message, times}),
  };
}
