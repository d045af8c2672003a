import 'meshes-workspace';
import {createSignal, For, Show} from 'solid-js';
import {call, record} from '../../page.js';

export function Checks() {
  let workspace;
  const [shown, setShown] = createSignal(true);
  const [items, setItems] = createSignal(['workspace', 'note']);
  const [debug, setDebug] = createSignal(false);
  const [render, setRender] = createSignal(1);
  const buttons = {
    toggle: () => setShown(!shown()),
    reorder: () => setItems(items().toReversed()),
    refresh: () => call(workspace.refresh()),
    reload: () => call(workspace.reload()),
    'debug-true': () => setDebug(true),
    'debug-false': () => setDebug(false),
    'debug-unset': () => setDebug(undefined),
    headers: () => setRender(render() + 1),
  };
  return (
    <>
      <For each={Object.entries(buttons)}>
        {([id, press]) => (
          <button id={id} onClick={press}>
            {id}
          </button>
        )}
      </For>
      <For each={items()}>
        {item => (
          <div>
            <Show when={item !== 'note'} fallback={<p id="note">A note</p>}>
              <Show when={shown()}>
                <meshes-workspace
                  ref={workspace}
                  token-endpoint="/api/meshes/session"
                  refresh-endpoint="/api/meshes/session/refresh"
                  debug={debug()}
                  prop:requestHeaders={{'x-render': String(render())}}
                  on:meshes-state-change={record}
                  on:meshes-ready={record}
                  on:meshes-navigate={record}
                  on:meshes-resize={record}
                  on:meshes-token-refresh={record}
                  on:meshes-token-expired={record}
                  on:meshes-error={record}
                  on:meshes-warning={record}
                >
                  <p slot="loading">Getting ready</p>
                  <p slot="error">That did not work</p>
                </meshes-workspace>
              </Show>
            </Show>
          </div>
        )}
      </For>
    </>
  );
}
