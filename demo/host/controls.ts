import type {Faults} from './visitors.js';

interface ControlText {
  readonly title: string;
  /** What happens, and what to watch. */
  readonly watch: string;
  /** Whether it requires the emulator, because the real Meshes does not support it. */
  readonly emulatorOnly?: boolean;
}

export interface SwitchControl extends ControlText {
  readonly name: keyof Faults;
  /** The method of the element that the page calls, instead of waiting for the next request. */
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
      'Meshes answers 401 in the frame, which then requests a token: refreshing → ready, with one POST. The frame does not reload.',
    emulatorOnly: true,
  },
  {
    name: 'shortTokens',
    title: '15-second tokens',
    then: {on: 'refresh', off: 'refresh'},
    watch: 'One meshes-token-refresh, with one POST, every 12 seconds. The frame does not reload.',
    emulatorOnly: true,
  },
  {
    name: 'revoke-session',
    title: 'Session revoked',
    button: 'Revoke',
    watch: 'The next refresh is refused: expired. Click Reload in the workspace for a new session.',
  },
  {
    name: 'refreshFails',
    title: 'Refresh endpoint fails',
    then: {on: 'refresh', off: 'refresh'},
    watch:
      'The backend answers 500: reconnecting, with retries. The frame keeps its current token. Switch it off: ready. With 15-second tokens: expired after about a minute.',
  },
  {
    name: 'slow',
    title: 'Slow endpoints',
    then: {on: 'reload', off: 'none'},
    watch:
      'The backend takes 5 seconds. A new session starts: minting, with a skeleton that reserves the space.',
  },
  {
    name: 'offline',
    title: 'Endpoints out of reach',
    then: {on: 'refresh', off: 'refresh'},
    watch:
      'The server closes the connections: endpoint_network, reconnecting. To see the warning offline, use the offline switch of the developer tools instead.',
  },
  {
    name: 'reload-frame',
    title: 'Frame reload',
    button: 'Reload',
    watch:
      'Loads the used launch URL again, like a reload in the frame. Meshes refuses it. After 10 seconds: the warning frame_reloaded, and a bar with Reload.',
  },
  {
    name: 'signedOut',
    title: 'Signed out',
    then: {on: 'reload', off: 'none'},
    watch:
      'The backend answers 401: failed with endpoint_unauthorized, without a retry. Switch it off, and click Retry in the workspace.',
  },
];

export const isSwitch = (control: Control): control is SwitchControl => 'then' in control;
