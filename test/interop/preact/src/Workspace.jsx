import 'meshes-workspace';
import 'meshes-workspace/types/preact';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';

export function Workspace() {
  const workspace = useRef(null);
  const [path, setPath] = useState('/');
  useLayoutEffect(() => {
    workspace.current.requestHeaders = {'X-Requested-With': 'meshes-workspace'};
  }, []);
  return (
    <>
      <p>
        You are at {path} <button onClick={() => workspace.current.reload()}>Start over</button>
      </p>
      <meshes-workspace
        ref={workspace}
        token-endpoint="/api/meshes/session"
        onmeshes-navigate={event => setPath(event.detail.path)}
      >
        <p slot="loading">Getting ready</p>
      </meshes-workspace>
    </>
  );
}
