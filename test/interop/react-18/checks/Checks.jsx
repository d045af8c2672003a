import {MeshesWorkspace} from 'meshes-workspace/react';
import {useRef, useState} from 'react';
import {call, record} from '../../page.js';

export function Checks() {
  const workspace = useRef(null);
  const [shown, setShown] = useState(true);
  const [items, setItems] = useState(['workspace', 'note']);
  const [debug, setDebug] = useState(false);
  const [render, setRender] = useState(1);
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
              <MeshesWorkspace
                ref={workspace}
                subject="ada"
                tokenEndpoint="/api/meshes/session"
                refreshEndpoint="/api/meshes/session/refresh"
                debug={debug}
                requestHeaders={{'x-render': String(render)}}
                onStateChange={record}
                onReady={record}
                onNavigate={record}
                onResize={record}
                onTokenRefresh={record}
                onTokenExpired={record}
                onError={record}
                onWarning={record}
              >
                <p slot="loading">Getting ready</p>
                <p slot="error">That did not work</p>
              </MeshesWorkspace>
            )
          )}
        </div>
      ))}
    </>
  );
}
