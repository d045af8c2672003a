import type {JSX} from 'solid-js';
import type {MeshesWorkspaceElement} from '../element/index.js';
import type {
  MeshesWorkspaceAttributes,
  MeshesWorkspaceHandlers,
  MeshesWorkspaceObjects,
} from './attributes.js';

type MeshesWorkspaceTag = JSX.HTMLAttributes<MeshesWorkspaceElement> &
  MeshesWorkspaceAttributes &
  MeshesWorkspaceHandlers<'on:'> & {
    [Name in keyof MeshesWorkspaceObjects as `prop:${Name}`]: MeshesWorkspaceObjects[Name];
  } & {'bool:debug'?: boolean | undefined; 'bool:defer-hydration'?: boolean | undefined};

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'meshes-workspace': MeshesWorkspaceTag;
    }
  }
}
