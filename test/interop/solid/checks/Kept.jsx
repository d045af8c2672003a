import 'meshes-workspace';
import {keep} from 'meshes-workspace/instant';
import {createSignal, onCleanup, Show} from 'solid-js';

function Page() {
  let element;
  onCleanup(() => keep(element));
  return <meshes-workspace ref={element} subject="ada" token-endpoint="/api/meshes/session" />;
}

export function Kept() {
  const [shown, setShown] = createSignal(true);
  return (
    <>
      <button id="leave" onClick={() => setShown(false)}>
        leave
      </button>
      <button id="return" onClick={() => setShown(true)}>
        return
      </button>
      <Show when={shown()} fallback={<p>Elsewhere</p>}>
        <Page />
      </Show>
    </>
  );
}
