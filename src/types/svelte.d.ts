import type {HTMLAttributes} from 'svelte/elements';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

type MeshesWorkspaceTag = HTMLAttributes<MeshesWorkspaceElement> &
  MeshesWorkspaceAttributes &
  MeshesWorkspaceObjects &
  MeshesWorkspaceHandlers<'on'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'meshes-workspace': MeshesWorkspaceTag;
  }
}
