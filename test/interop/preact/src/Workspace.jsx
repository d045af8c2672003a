import 'meshes-workspace';
import {useRef, useState} from 'preact/hooks';

const headers = {'X-Requested-With': 'meshes-workspace'};

export function Workspace() {
  const workspace = useRef(null);
  const [path, setPath] = useState('/');
  return (
    <>
      <p>
        You are at {path} <button onClick={() => workspace.current.reload()}>Start over</button>
      </p>
      <meshes-workspace
        ref={workspace}
        token-endpoint="/api/meshes/session"
        refresh-endpoint="/api/meshes/session/refresh"
        requestHeaders={headers}
        onmeshes-navigate={event => setPath(event.detail.path)}
      >
        <p slot="loading">Getting ready</p>
      </meshes-workspace>
    </>
  );
}
