/// <reference types="meshes-workspace/types/react" />
import {useRef} from 'react';
import type {MeshesWorkspaceElement} from 'meshes-workspace';

export function Everything() {
  const workspace = useRef<MeshesWorkspaceElement>(null);
  return (
    <meshes-workspace
      ref={workspace}
      class="wide"
      token-endpoint="/api/meshes/session"
      launch-page="rules"
      min-height={480}
      max-height="900"
      fit="fill"
      debug
      defer-hydration
      requestHeaders={{authorization: 'Bearer x'}}
      onmeshes-ready={event => event.detail.origin.length}
      onmeshes-error={({detail}) => detail.code === 'csp_blocked'}
    >
      <p slot="error">Sorry</p>
    </meshes-workspace>
  );
}

export const mistakes = [
  // @ts-expect-error -- no such page
  <meshes-workspace launch-page="mappings" />,
  // @ts-expect-error -- is lost
  <meshes-workspace launchUrl="https://embed.meshes.io/launch" />,
  // @ts-expect-error -- not a string
  <meshes-workspace requestHeaders="authorization: Bearer x" />,
  // @ts-expect-error -- no such detail
  <meshes-workspace onmeshes-ready={({detail}) => detail.token} />,
];
