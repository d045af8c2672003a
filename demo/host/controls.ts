import type {Faults} from './visitors.js';

interface ControlText {
  readonly title: string;
  /** What happens, and what to look at. */
  readonly watch: string;
  /** Needs the emulator: nobody can ask this of the real service. */
  readonly emulatorOnly?: boolean;
}

export interface SwitchControl extends ControlText {
  readonly name: keyof Faults;
  /** What the page asks of the element, so that one need not wait for the next request. */
  readonly then: {readonly on: 'refresh' | 'reload'; readonly off: 'refresh' | 'none'};
}

export interface ActionControl extends ControlText {
  readonly name: 'expire-token' | 'revoke-session' | 'reload-frame';
  readonly button: string;
}

export type Control = SwitchControl | ActionControl;

export const controls: readonly Control[] = [
  {
    name: 'expire-token',
    title: 'Token expires now',
    button: 'Expire',
    watch:
      'Meshes answers 401 inside the frame, which asks early: refreshing → ready with one POST. The page in the frame stays as it is.',
    emulatorOnly: true,
  },
  {
    name: 'shortTokens',
    title: '15-second tokens',
    then: {on: 'refresh', off: 'refresh'},
    watch:
      'A meshes-token-refresh every 12 seconds, one POST each. Nothing in the frame reloads, and nobody is signed out.',
    emulatorOnly: true,
  },
  {
    name: 'revoke-session',
    title: 'Session revoked',
    button: 'Revoke',
    watch:
      'The refresh that follows is refused, so the state becomes expired. Reload in the workspace brings a fresh session.',
  },
  {
    name: 'refreshFails',
    title: 'Refresh endpoint fails',
    then: {on: 'refresh', off: 'refresh'},
    watch:
      'Your backend answers 500: reconnecting, with growing pauses, while the frame goes on with the token it has. Switch it off, and it is ready again. Together with 15-second tokens it is expired within a minute or so.',
  },
  {
    name: 'slow',
    title: 'Slow endpoints',
    then: {on: 'reload', off: 'none'},
    watch:
      'Your backend takes 5 seconds. The workspace starts over: minting for that long, and a skeleton that keeps its place on the page.',
  },
  {
    name: 'offline',
    title: 'Endpoints out of reach',
    then: {on: 'refresh', off: 'refresh'},
    watch:
      'The demo’s server cuts the connection to both endpoints, as if the network were gone: endpoint_network and reconnecting. Your browser still counts itself online; with its own offline switch (developer tools, Network) the element warns offline and waits.',
  },
  {
    name: 'reload-frame',
    title: 'Frame reload',
    button: 'Reload',
    watch:
      'Loads the spent launch URL once more, as a reload inside the frame does. Meshes refuses it; 10 seconds later comes the warning frame_reloaded, and a bar offers a fresh session.',
  },
  {
    name: 'signedOut',
    title: 'Signed out',
    then: {on: 'reload', off: 'none'},
    watch:
      'Your backend answers 401: failed with endpoint_unauthorized, and no second try by itself. Sign in again (switch this off) and press Retry in the workspace.',
  },
];

export const isSwitch = (control: Control): control is SwitchControl => 'then' in control;
