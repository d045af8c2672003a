import type {HTMLAttributes, ReservedProps} from 'vue';
import type {MeshesWorkspaceElement, MeshesWorkspaceEventMap} from '../element/index.js';
import type {MeshesWorkspaceAttributes, MeshesWorkspaceObjects} from './attributes.js';

/** The tag in a template. */
type MeshesWorkspaceTag = new () => MeshesWorkspaceElement & {
  $props: HTMLAttributes & ReservedProps & MeshesWorkspaceAttributes & MeshesWorkspaceObjects;
  $emit: <Type extends keyof MeshesWorkspaceEventMap>(
    type: Type,
    event: MeshesWorkspaceEventMap[Type],
  ) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    'meshes-workspace': MeshesWorkspaceTag;
  }
}
