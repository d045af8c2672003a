import {useRef} from 'react';
import type {MeshesWorkspaceElement, SessionProvider} from 'meshes-workspace';
import {MeshesWorkspace, type MeshesWorkspaceProps} from 'meshes-workspace/react';

declare const provider: SessionProvider;

export function Everything() {
  const workspace = useRef<MeshesWorkspaceElement>(null);
  const more: MeshesWorkspaceProps = {maxHeight: 900, tokenEndpoint: null, debug: undefined};
  return (
    <>
      <button onClick={() => void workspace.current?.reload()}>Reload</button>
      <MeshesWorkspace
        ref={workspace}
        key="one"
        id="workspace"
        className="wide"
        style={{marginTop: 8}}
        aria-label="Integrations"
        data-page="integrations"
        hidden={false}
        onClick={event => event.currentTarget.reload()}
        launchUrl="https://embed.meshes.io/launch"
        sessionId="one"
        tokenEndpoint="/api/meshes/session"
        refreshEndpoint="/api/meshes/session/refresh"
        embedOrigin="https://embed.meshes.io"
        launchPage="rules"
        minHeight={480}
        fit="fill"
        frameTitle="Integrations"
        loading="lazy"
        credentials="include"
        csrfMeta="csrf-token"
        csrfCookie="csrftoken"
        csrfHeader="X-CSRFToken"
        sandbox="allow-scripts"
        allow="clipboard-write"
        readyTimeout={10_000}
        debug
        requestHeaders={async () => ({authorization: 'Bearer x'})}
        sessionProvider={{
          mint: async ({launchPage, sessionId, signal}) => {
            await fetch(`/mint/${launchPage ?? ''}/${sessionId ?? ''}`, {signal});
            return {access_token: 'token'};
          },
        }}
        onStateChange={({detail: {state, previousState}}) => state === previousState}
        onReady={event => event.detail.sessionId.length + event.detail.origin.length}
        onNavigate={({detail}) => detail.path?.startsWith('/workspace/')}
        onResize={event => (event.preventDefault(), event.detail.contentHeight.toFixed())}
        onTokenRefresh={({detail}) => detail.cause === 'frame' && detail.expiresAt?.toFixed()}
        onTokenExpired={({detail}) => detail.sessionId}
        onError={({detail}) => detail.retryable && detail.code === 'endpoint_network'}
        onWarning={({detail}) => detail.code === 'offline' && detail.message}
      >
        <p slot="loading">Loading</p>
      </MeshesWorkspace>
      <MeshesWorkspace sessionProvider={provider} requestHeaders={null} {...more} />
      <MeshesWorkspace tokenEndpoint="/api" keep />
      <MeshesWorkspace tokenEndpoint="/api" keep={{for: 60_000}} />
    </>
  );
}

export const mistakes = [
  // @ts-expect-error -- no such page
  <MeshesWorkspace launchPage="mappings" />,
  // @ts-expect-error -- a number
  <MeshesWorkspace minHeight="480px" />,
  // @ts-expect-error -- the attribute's name
  <MeshesWorkspace tokenendpoint="/api" />,
  // @ts-expect-error -- no such property
  <MeshesWorkspace token="secret" />,
  // @ts-expect-error -- read-only
  <MeshesWorkspace state="ready" />,
  // @ts-expect-error -- no such detail
  <MeshesWorkspace onReady={({detail}) => detail.token} />,
  // @ts-expect-error -- the path can be missing
  <MeshesWorkspace onNavigate={({detail}) => detail.path.length} />,
  // @ts-expect-error -- no such cause
  <MeshesWorkspace onTokenRefresh={({detail}) => detail.cause === 'timer'} />,
  // @ts-expect-error -- no `mint`
  <MeshesWorkspace sessionProvider={{}} />,
  // @ts-expect-error -- not the element
  <MeshesWorkspace ref={(video: HTMLVideoElement | null) => void video} />,
];
