/// <reference types="meshes-workspace/types/preact" />
import {createRef} from 'preact';
import type {MeshesWorkspaceElement} from 'meshes-workspace';

const workspace = createRef<MeshesWorkspaceElement>();

export const everything = (
  <meshes-workspace
    ref={workspace}
    class="wide"
    token-endpoint="/api/meshes/session"
    launch-page="rules"
    min-height={480}
    max-height="900"
    fit="fill"
    debug
    requestHeaders={() => ({authorization: 'Bearer x'})}
    sessionProvider={{mint: () => ({access_token: 'token'})}}
    onmeshes-ready={event => event.detail.origin.length}
    onmeshes-navigate={({detail}) => detail.path?.length}
    onClick={() => void workspace.current?.refresh()}
  >
    <p slot="error">Sorry</p>
  </meshes-workspace>
);

export const mistakes = [
  // @ts-expect-error -- no such page
  <meshes-workspace launch-page="mappings" />,
  // @ts-expect-error -- is lost
  <meshes-workspace launchUrl="https://embed.meshes.io/launch" />,
  // @ts-expect-error -- no `mint`
  <meshes-workspace sessionProvider={{}} />,
  // @ts-expect-error -- no such detail
  <meshes-workspace onmeshes-ready={({detail}) => detail.token} />,
];
