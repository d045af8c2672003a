import type {MeshesWorkspaceElement, MeshesWorkspaceEventMap} from '../element/index.js';

/** Attributes of `<meshes-workspace>` in a template. Null and undefined stand for the default. */
export interface MeshesWorkspaceAttributes {
  'launch-url'?: string | null | undefined;
  'session-id'?: string | null | undefined;
  'token-endpoint'?: string | null | undefined;
  'refresh-endpoint'?: string | null | undefined;
  'embed-origin'?: string | null | undefined;
  'launch-page'?: MeshesWorkspaceElement['launchPage'] | undefined;
  subject?: string | null | undefined;
  'min-height'?: number | string | null | undefined;
  'max-height'?: number | string | null | undefined;
  fit?: MeshesWorkspaceElement['fit'] | null | undefined;
  'frame-title'?: string | null | undefined;
  loading?: MeshesWorkspaceElement['loading'] | null | undefined;
  credentials?: MeshesWorkspaceElement['credentials'] | null | undefined;
  'csrf-meta'?: string | null | undefined;
  'csrf-cookie'?: string | null | undefined;
  'csrf-header'?: string | null | undefined;
  sandbox?: string | null | undefined;
  allow?: string | null | undefined;
  'ready-timeout'?: number | string | null | undefined;
  debug?: boolean | null | undefined;
  'defer-hydration'?: boolean | null | undefined;
}

/** Properties that have no attribute. */
export interface MeshesWorkspaceObjects {
  requestHeaders?: MeshesWorkspaceElement['requestHeaders'] | undefined;
  sessionProvider?: MeshesWorkspaceElement['sessionProvider'] | undefined;
}

/** Event handlers, by the framework's prefix (`on`, `on:`) and the event type. */
export type MeshesWorkspaceHandlers<Before extends string> = {
  [Type in keyof MeshesWorkspaceEventMap as `${Before}${Type}`]?:
    ((event: MeshesWorkspaceEventMap[Type]) => void) | undefined;
};
