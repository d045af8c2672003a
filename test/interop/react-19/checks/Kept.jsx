import {MeshesWorkspace} from 'meshes-workspace/react';
import {useState} from 'react';

export function Kept() {
  const [shown, setShown] = useState(true);
  return (
    <>
      <button id="leave" onClick={() => setShown(false)}>
        leave
      </button>
      <button id="return" onClick={() => setShown(true)}>
        return
      </button>
      {shown ? (
        <MeshesWorkspace keep subject="ada" tokenEndpoint="/api/meshes/session" />
      ) : (
        <p>Elsewhere</p>
      )}
    </>
  );
}
