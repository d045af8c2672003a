import type {JSX} from 'preact';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

type MeshesWorkspaceTag = JSX.HTMLAttributes<MeshesWorkspaceElement> &
  MeshesWorkspaceAttributes &
  MeshesWorkspaceObjects &
  MeshesWorkspaceHandlers<'on'>;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'meshes-workspace': MeshesWorkspaceTag;
    }
  }
}
