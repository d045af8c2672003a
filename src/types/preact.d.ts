import type {ClassAttributes, JSX} from 'preact';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

type MeshesWorkspaceTag = Omit<JSX.IntrinsicElements['div'], 'ref'> &
  ClassAttributes<MeshesWorkspaceElement> &
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
