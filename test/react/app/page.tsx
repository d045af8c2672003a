import {useEffect, useRef, type RefObject} from 'react';
import type {MeshesWorkspaceElement, SessionAnswer} from 'meshes-workspace';
import {MeshesWorkspace} from 'meshes-workspace/react';
import type {Settings} from '../control.js';

const ENDPOINT = '/api/meshes/session';

async function ask(body: object, render: number): Promise<SessionAnswer> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {'content-type': 'application/json', 'x-render': String(render)},
    body: JSON.stringify(body),
  });
  return (await response.json()) as SessionAnswer;
}

interface PageProps {
  settings: Settings;
  onEvent: (callback: string, render: number, event: CustomEvent) => void;
  onMount?: (workspace: RefObject<MeshesWorkspaceElement | null>) => void;
}

export function Page({settings, onEvent, onMount}: PageProps) {
  const workspace = useRef<MeshesWorkspaceElement>(null);
  useEffect(() => onMount?.(workspace), [onMount]);
  const {shown, render, source, props} = settings;
  const log = (callback: string) => (event: CustomEvent) => onEvent(callback, render, event);
  const from =
    source === 'endpoints'
      ? {tokenEndpoint: ENDPOINT, requestHeaders: () => ({'x-render': String(render)})}
      : {
          sessionProvider: {
            mint: ({sessionId}: {sessionId: string | null}) =>
              ask(sessionId === null ? {} : {session_id: sessionId}, render),
          },
        };
  return (
    <main>
      <h1>Host</h1>
      {shown && (
        <MeshesWorkspace
          ref={workspace}
          id="workspace"
          style={{marginTop: 8}}
          data-page="host"
          onStateChange={log('onStateChange')}
          onReady={log('onReady')}
          onNavigate={log('onNavigate')}
          onResize={log('onResize')}
          onTokenRefresh={log('onTokenRefresh')}
          onTokenExpired={log('onTokenExpired')}
          onError={log('onError')}
          onWarning={log('onWarning')}
          {...from}
          {...props}
        >
          <p slot="loading">Getting ready</p>
        </MeshesWorkspace>
      )}
    </main>
  );
}
