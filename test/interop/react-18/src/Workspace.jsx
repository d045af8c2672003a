import {MeshesWorkspace} from 'meshes-workspace/react';
import {useRef, useState} from 'react';

export function Workspace() {
  const workspace = useRef(null);
  const [path, setPath] = useState('/');
  return (
    <>
      <p>
        You are at {path} <button onClick={() => workspace.current.reload()}>Start over</button>
      </p>
      <MeshesWorkspace
        ref={workspace}
        tokenEndpoint="/api/meshes/session"
        requestHeaders={{'X-Requested-With': 'meshes-workspace'}}
        onNavigate={event => setPath(event.detail.path)}
      >
        <p slot="loading">Getting ready</p>
      </MeshesWorkspace>
    </>
  );
}
