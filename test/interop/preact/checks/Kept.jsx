import 'meshes-workspace';
import {keep} from 'meshes-workspace/instant';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';

function Page() {
  const workspace = useRef(null);
  useLayoutEffect(() => {
    const element = workspace.current;
    return () => keep(element);
  }, []);
  return <meshes-workspace ref={workspace} subject="ada" token-endpoint="/api/meshes/session" />;
}

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
      {shown ? <Page /> : <p>Elsewhere</p>}
    </>
  );
}
