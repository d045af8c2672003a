import type {MeshesWorkspaceEventMap} from 'meshes-workspace';

type Lines = {
  readonly [Type in keyof MeshesWorkspaceEventMap]: (
    detail: MeshesWorkspaceEventMap[Type]['detail'],
  ) => string;
};

const clock = (ms: number): string => new Date(ms).toLocaleTimeString('en-GB');

/** A short text for the details of each event. */
export const eventLines: Lines = {
  'meshes-state-change': ({previousState, state}) => `${previousState} → ${state}`,
  'meshes-ready': ({origin}) => `the frame of ${origin} has its first token`,
  'meshes-navigate': ({path}) => path ?? 'no path',
  'meshes-resize': ({height, contentHeight}) =>
    height === contentHeight ? `${height} px` : `${height} px (content: ${contentHeight} px)`,
  'meshes-token-refresh': ({cause, expiresAt}) =>
    `cause ${cause}${expiresAt === null ? '' : `, expires at ${clock(expiresAt)}`}`,
  'meshes-token-expired': () => 'the token can no longer be refreshed',
  'meshes-error': ({code, phase, status, retryable}) =>
    `${code} (${phase}${status === undefined ? '' : `, HTTP ${status}`}, ${retryable ? 'retryable' : 'not retryable'})`,
  // Without the URL of the documentation, which is long.
  'meshes-warning': ({code, message}) => `${code}: ${message.replace(/ See \S+$/, '')}`,
};
