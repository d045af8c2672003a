import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {MeshesWorkspace} from 'meshes-workspace/react';
import {useRef, useState} from 'react';

export function Workspace({user}: {user: string}) {
  const workspace = useRef<MeshesWorkspaceElement>(null);
  const [path, setPath] = useState<string | null>('/');
  return (
    <>
      <p>
        You are at {path} <button onClick={() => workspace.current?.reload()}>Start over</button>
      </p>
      <MeshesWorkspace
        ref={workspace}
        subject={user}
        tokenEndpoint="/api/meshes/session"
        requestHeaders={{'X-Requested-With': 'meshes-workspace'}}
        onNavigate={event => setPath(event.detail.path)}
      >
        <p slot="loading">Getting ready</p>
      </MeshesWorkspace>
    </>
  );
}
