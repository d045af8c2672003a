import type {MeshesError, MeshesWarningCode} from '../errors.js';
import type {RefreshCause, SessionState} from '../session/machine.js';
import type {LaunchPage} from './launch-page.js';

/** State of the element. */
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
  /** Absolute path inside the workspace; null if the frame sent none, or one that is not safe to use. */
  path: string | null;
  /** The launchable page that contains this path, or null. */
  page: LaunchPage | null;
  /** A copy of the other fields of the message: small plain JSON, or empty. */
  data: Record<string, unknown>;
}

export interface ResizeDetail {
  /** Height in CSS pixels that the element applies, unless the page calls `preventDefault()`. */
  height: number;
  /** Height in CSS pixels that the frame reported. */
  contentHeight: number;
}

export interface TokenRefreshDetail {
  sessionId: string;
  /** Expiry of the new token, in milliseconds since the epoch; null if it is unknown. */
  expiresAt: number | null;
  cause: RefreshCause;
}

export interface TokenExpiredDetail {
  sessionId: string;
  /** The reason why the token cannot be refreshed. */
  error: MeshesError;
}

export interface WarningDetail {
  code: MeshesWarningCode;
  message: string;
}

/** Events of `<meshes-workspace>`, by type. All bubble and are composed. */
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
  // The events bubble, so `addEventListener` accepts them on every element, the document, and the window.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merges the events into the map of TypeScript
  interface GlobalEventHandlersEventMap extends MeshesWorkspaceEventMap {}
}

/** Every event of the element, and whether it is cancelable. Other lists of events are derived from this one. */
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

/** @returns false if the page called `preventDefault()` */
export type Emit = <Type extends keyof MeshesWorkspaceEventMap>(
  type: Type,
  detail: MeshesWorkspaceEventMap[Type]['detail'],
) => boolean;

/** @returns false if the page called `preventDefault()` */
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
