import 'meshes-workspace';
import 'meshes-workspace/types/solid';
import {createSignal} from 'solid-js';

export function Workspace() {
  let workspace;
  const [path, setPath] = createSignal('/');
  return (
    <>
      <p>
        You are at {path()} <button onClick={() => workspace.reload()}>Start over</button>
      </p>
      <meshes-workspace
        ref={workspace}
        token-endpoint="/api/meshes/session"
        prop:requestHeaders={{'X-Requested-With': 'meshes-workspace'}}
        on:meshes-navigate={event => setPath(event.detail.path)}
      >
        <p slot="loading">Getting ready</p>
      </meshes-workspace>
    </>
  );
}
