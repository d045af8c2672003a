import 'meshes-workspace';
import {useLayoutEffect, useRef, useState} from 'react';
import {call, record} from '../../page.js';

export function TagChecks() {
  const workspace = useRef(null);
  const [shown, setShown] = useState(true);
  const [items, setItems] = useState(['workspace', 'note']);
  const [debug, setDebug] = useState(false);
  const [render, setRender] = useState(1);
  useLayoutEffect(() => {
    if (workspace.current) workspace.current.requestHeaders = {'x-render': String(render)};
  });
  const buttons = {
    toggle: () => setShown(!shown),
    reorder: () => setItems(items.toReversed()),
    refresh: () => call(workspace.current.refresh()),
    reload: () => call(workspace.current.reload()),
    'debug-true': () => setDebug(true),
    'debug-false': () => setDebug(false),
    'debug-unset': () => setDebug(undefined),
    headers: () => setRender(render + 1),
  };
  return (
    <>
      {Object.entries(buttons).map(([id, press]) => (
        <button key={id} id={id} onClick={press}>
          {id}
        </button>
      ))}
      {items.map(item => (
        <div key={item}>
          {item === 'note' ? (
            <p id="note">A note</p>
          ) : (
            shown && (
              <meshes-workspace
                ref={workspace}
                token-endpoint="/api/meshes/session"
                refresh-endpoint="/api/meshes/session/refresh"
                debug={debug}
                onmeshes-state-change={record}
                onmeshes-ready={record}
                onmeshes-navigate={record}
                onmeshes-resize={record}
                onmeshes-token-refresh={record}
                onmeshes-token-expired={record}
                onmeshes-error={record}
                onmeshes-warning={record}
              >
                <p slot="loading">Getting ready</p>
                <p slot="error">That did not work</p>
              </meshes-workspace>
            )
          )}
        </div>
      ))}
    </>
  );
}
