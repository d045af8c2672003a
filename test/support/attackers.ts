/** Hostile pages in every place that a page can have, and what arrives from them. `test/fixtures/attack-page.js` is the page. */
import {crossSiteOrigin} from './endpoint.js';

/** What `wtr-stage.mjs` says. */
interface Stage {
  port: number;
  messages?: number;
  seed?: number;
}

const response = await fetch('/__stage');
/** The second port, and settings of the run. */
export const stage = (await response.json()) as Stage;
/** The embed's host on another port: another origin, and the same site. */
export const otherPortOrigin = `http://127.0.0.1:${stage.port}`;

export interface Arrival {
  origin: string;
  source: MessageEventSource | null;
  data: unknown;
}

interface Report {
  fixture?: 'attacker' | 'done';
  role?: string;
  id?: string;
  told?: unknown[];
}

/** Every message that has come to this page since it was loaded. */
export const arrivals: Arrival[] = [];
const checks = new Set<() => void>();

addEventListener('message', ({origin, source, data}: MessageEvent<unknown>) => {
  arrivals.push({origin, source, data});
  for (const check of checks) check();
});

/** Resolves with the first message since `after` that fits. */
export function arrival(fits: (arrival: Arrival) => boolean, after = 0): Promise<Arrival> {
  return new Promise(resolve => {
    const check = () => {
      const found = arrivals.slice(after).find(fits);
      if (!found) return;
      checks.delete(check);
      resolve(found);
    };
    checks.add(check);
    check();
  });
}

let roles = 0;

export interface AttackPageOptions {
  origin?: string;
  /** Launch it as a workspace. */
  workspace?: boolean;
  /** Without a first `meshes:ready`. */
  mute?: boolean;
}

/** Address of an attacking page. */
export function attackPage({
  origin = crossSiteOrigin,
  workspace = false,
  mute = false,
}: AttackPageOptions = {}): {url: string; role: string} {
  const role = `attacker-${(roles += 1)}`;
  const flags = `${workspace ? '&workspace' : ''}${mute ? '&mute' : ''}`;
  return {url: `${origin}/test/fixtures/attack-page.html?role=${role}${flags}`, role};
}

/** A launch URL whose page attacks when it is told to. */
export const hostileLaunchUrl = (options: AttackPageOptions = {}) =>
  attackPage({...options, workspace: true}).url;

const report = (data: unknown) => (data ?? {}) as Report;

export interface Attacker {
  window: Window;
  origin: string;
  /** Has it do something, and resolves when whatever it posted has been delivered, with all that it was told so far. */
  order: (order: Record<string, unknown>) => Promise<unknown[]>;
  say: (...messages: unknown[]) => Promise<unknown[]>;
  /** All that anybody but the tests has posted to it. */
  told: () => Promise<unknown[]>;
}

/** Takes the command of the attacking page with this role, as soon as it reports; the latest one where it has moved. */
export async function attacker(role: string, after = 0): Promise<Attacker> {
  const {source, origin} = await arrival(({data}) => report(data).role === role, after);
  return command(source as Window, origin);
}

/** Takes the command of a page whose window is known. */
export function command(target: Window, origin: string): Attacker {
  const order = async (what: Record<string, unknown>) => {
    const id = crypto.randomUUID();
    const after = arrivals.length;
    target.postMessage({...what, id}, '*');
    const {data} = await arrival(
      arrived => report(arrived.data).fixture === 'done' && report(arrived.data).id === id,
      after,
    );
    return report(data).told!;
  };
  return {
    window: target,
    origin,
    order,
    say: (...messages) => order({fixture: 'say', messages}),
    told: () => order({fixture: 'say', messages: []}),
  };
}

const guests = new Set<HTMLIFrameElement>();

/** Puts an attacking page into a frame of this page. */
export async function attackingFrame(
  options: AttackPageOptions & {sandbox?: string} = {},
): Promise<Attacker> {
  const {url, role} = attackPage(options);
  const frame = document.createElement('iframe');
  if (options.sandbox !== undefined) frame.setAttribute('sandbox', options.sandbox);
  frame.src = url;
  guests.add(frame);
  document.body.append(frame);
  return attacker(role);
}

const popups = new Set<Window>();

/** Remembers a window, so that it is closed after the test. */
export function willClose(popup: Window): void {
  popups.add(popup);
}

/** Takes the attackers out of the page; call it after each test. */
export function dismissAttackers(): void {
  for (const frame of guests) frame.remove();
  for (const popup of popups) popup.close();
  guests.clear();
  popups.clear();
}

/** One of each message that the element takes, told apart from others by the mark. */
export const volley = (mark: string) => [
  {type: 'meshes:ready'},
  {type: 'meshes:token-refresh'},
  {type: 'meshes:token-expired'},
  {type: 'meshes:navigate', path: `/workspace/${mark}`},
  {type: 'meshes:resize', height: 1234},
];
