/// <reference types="meshes-workspace/types/solid" />
import type {MeshesWorkspaceElement} from 'meshes-workspace';

let workspace: MeshesWorkspaceElement | undefined;

export const Everything = () => (
  <meshes-workspace
    ref={workspace}
    class="wide"
    token-endpoint="/api/meshes/session"
    launch-page="rules"
    min-height={480}
    max-height="900"
    fit="fill"
    bool:debug={true}
    prop:requestHeaders={() => ({authorization: 'Bearer x'})}
    prop:sessionProvider={{mint: () => ({access_token: 'token'})}}
    on:meshes-ready={event => event.detail.origin.length}
    on:meshes-navigate={({detail}) => detail.path?.length}
    onClick={() => void workspace?.refresh()}
  >
    <p slot="error">Sorry</p>
  </meshes-workspace>
);

export const mistakes = () => [
  // @ts-expect-error -- no such page
  <meshes-workspace launch-page="mappings" />,
  // @ts-expect-error -- is lost
  <meshes-workspace launchUrl="https://embed.meshes.io/launch" />,
  // @ts-expect-error -- is lost: an object needs `prop:`
  <meshes-workspace requestHeaders={{authorization: 'Bearer x'}} />,
  // @ts-expect-error -- no `mint`
  <meshes-workspace prop:sessionProvider={{}} />,
  // @ts-expect-error -- no such detail
  <meshes-workspace on:meshes-ready={({detail}) => detail.token} />,
];
