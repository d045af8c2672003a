import type {MeshesError, MeshesWarningCode} from '../errors.js';
import type {RefreshCause, SessionState} from '../session/machine.js';
import type {LaunchPage} from './launch-page.js';

/** The states that a page can see. */
export type MeshesWorkspaceState = Exclude<SessionState, 'closed'>;

export interface StateChangeDetail {
  state: MeshesWorkspaceState;
  previousState: MeshesWorkspaceState;
}

export interface ReadyDetail {
  sessionId: string;
  /** Origin of the frame. */
  origin: string;
}

export interface NavigateDetail {
  /** Absolute path inside the workspace; null where the frame sent none, or one to be led away by. */
  path: string | null;
  /** The page that can be launched and that contains this path; null if there is none. */
  page: LaunchPage | null;
  /** A copy of whatever else the message held. */
  data: Record<string, unknown>;
}

export interface ResizeDetail {
  /** CSS px that are applied, unless the event is cancelled. */
  height: number;
  /** CSS px that the frame asked for. */
  contentHeight: number;
}

export interface TokenRefreshDetail {
  sessionId: string;
  /** End of the new token in ms since the epoch; null where it is unknown. */
  expiresAt: number | null;
  cause: RefreshCause;
}

export interface TokenExpiredDetail {
  sessionId: string;
  /** Why the token cannot be refreshed. */
  error: MeshesError;
}

export interface WarningDetail {
  code: MeshesWarningCode;
  message: string;
}

/** The events of `<meshes-workspace>`; all bubble and are composed. */
export interface MeshesWorkspaceEventMap {
  'meshes-state-change': CustomEvent<StateChangeDetail>;
  'meshes-ready': CustomEvent<ReadyDetail>;
  'meshes-navigate': CustomEvent<NavigateDetail>;
  'meshes-resize': CustomEvent<ResizeDetail>;
  'meshes-token-refresh': CustomEvent<TokenRefreshDetail>;
  'meshes-token-expired': CustomEvent<TokenExpiredDetail>;
  'meshes-error': CustomEvent<MeshesError>;
  'meshes-warning': CustomEvent<WarningDetail>;
}

declare global {
  // They bubble: `addEventListener` knows them on every element, on the document and on the window.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- adds to the map, and that is all
  interface GlobalEventHandlersEventMap extends MeshesWorkspaceEventMap {}
}

/** Every event of the element, and whether `preventDefault()` means something for it. All else that lists events derives from it. */
export const EVENTS = {
  'meshes-state-change': {cancelable: false},
  'meshes-ready': {cancelable: false},
  'meshes-navigate': {cancelable: false},
  'meshes-resize': {cancelable: true},
  'meshes-token-refresh': {cancelable: false},
  'meshes-token-expired': {cancelable: true},
  'meshes-error': {cancelable: true},
  'meshes-warning': {cancelable: true},
} as const satisfies Record<keyof MeshesWorkspaceEventMap, {cancelable: boolean}>;

export const EVENT_TYPES = Object.keys(EVENTS) as readonly (keyof typeof EVENTS)[];

/** @returns whether the page lets the element go on; false after `preventDefault()` */
export type Emit = <Type extends keyof MeshesWorkspaceEventMap>(
  type: Type,
  detail: MeshesWorkspaceEventMap[Type]['detail'],
) => boolean;

/** @returns whether the page lets the element go on; false after `preventDefault()` */
export function emit<Type extends keyof MeshesWorkspaceEventMap>(
  element: HTMLElement,
  type: Type,
  detail: MeshesWorkspaceEventMap[Type]['detail'],
): boolean {
  const {cancelable} = EVENTS[type];
  return element.dispatchEvent(
    new CustomEvent(type, {detail, bubbles: true, composed: true, cancelable}),
  );
}
