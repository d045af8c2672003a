import type {FindKept, Handover} from '../element/handover.js';
import type {RequestHeaders} from '../element/request-headers.js';
import {readSettings, restartKey} from '../element/settings.js';
import {after, type Clock} from '../session/clock.js';
import type {SessionProvider} from '../session/token-source.js';

const DEFAULTS = {for: 300_000, max: 1} as const;

export interface KeepOptions {
  /** Time for which the workspace is kept, in milliseconds; default 300000 (5 minutes). */
  for?: number;
  /** Maximum number of kept workspaces; default 1. Above it, the oldest one is discarded. */
  max?: number;
}

/** The used part of a `<meshes-workspace>`. */
export type KeepableElement = HTMLElement &
  Parameters<typeof readSettings>[0] & {
    credentials: string | null;
    requestHeaders: RequestHeaders | null;
    state: string;
    endpoints: unknown;
    handOver(place: Element): Handover | null;
  };

/** Dependencies of `keep`. Tests replace them. */
export interface Keeping {
  clock: Clock;
  /** Moves the frame of the element to a hidden place. @returns a function that hands the workspace over, or ends it; null if it cannot be kept */
  park: (element: KeepableElement) => Handover | null;
  /** Calls `find` whenever an element starts a session. @returns a function that stops these calls */
  listen: (find: FindKept) => () => void;
}

/** Creates `keep` and `discard`. Each page has one of each. */
export function createKeep({clock, park, listen}: Keeping): {
  keep: (element: KeepableElement | null | undefined, options?: KeepOptions) => boolean;
  discard: () => void;
} {
  /** Kept workspaces, oldest first. */
  const kept: Kept[] = [];
  let stop: () => void = () => {};

  const remove = (one: Kept): Handover => {
    kept.splice(kept.indexOf(one), 1);
    if (kept.length === 0) stop();
    one.controller.abort();
    return one.handOver;
  };
  const end = (one: Kept) => remove(one)(null);

  const find: FindKept = (element, mayTake) => {
    const settings = settingsOf(element as KeepableElement);
    for (const one of kept.filter(({settings: {owner}}) => owner !== settings.owner)) end(one);
    // Timers do not run while a computer sleeps.
    for (const one of kept.filter(({endsAt}) => clock.now() >= endsAt)) end(one);
    const found = mayTake && kept.filter(one => isSame(one.settings, settings)).pop();
    return found ? remove(found) : null;
  };

  return {
    keep(element, {for: time = DEFAULTS.for, max = DEFAULTS.max} = {}) {
      if (!element || !(time > 0 && max >= 1)) return false;
      const settings = settingsOf(element);
      const handOver = park(element);
      if (!handOver) return false;
      const controller = new AbortController();
      const one: Kept = {settings, handOver, endsAt: clock.now() + time, controller};
      if (kept.push(one) === 1) stop = listen(find);
      after(clock, time, controller.signal, () => end(one));
      for (const oldest of kept.slice(0, -max)) end(oldest);
      return true;
    },
    discard() {
      for (const one of [...kept]) end(one);
    },
  };
}

interface Kept {
  settings: KeptSettings;
  handOver: Handover;
  /** End of the time limit, wall clock in ms. */
  endsAt: number;
  /** Aborts when the workspace is no longer kept. */
  controller: AbortController;
}

interface KeptSettings {
  /** Subject and endpoints. */
  owner: string;
  /** Every setting whose change starts a new session. */
  key: string;
  subject: string | null;
  /** Compared by identity, because they cannot be part of the key. */
  sources: [SessionProvider | null, RequestHeaders | null];
}

function settingsOf(element: KeepableElement): KeptSettings {
  const settings = readSettings(element, element.credentials);
  const {subject, launchPage, hasProvider} = settings;
  return {
    owner: JSON.stringify([subject, element.endpoints, hasProvider]),
    key: JSON.stringify([restartKey(settings, false), launchPage]),
    subject,
    sources: [element.sessionProvider ?? null, element.requestHeaders ?? null],
  };
}

function isSame(one: KeptSettings, other: KeptSettings): boolean {
  // Frameworks create new functions and objects for each element. Without a subject, these may belong to another user.
  const sameSources =
    one.subject !== null || one.sources.every((source, index) => source === other.sources[index]);
  return one.key === other.key && sameSources;
}
