import {MeshesWorkspace} from 'meshes-workspace/react';
import {Activity} from 'react';

export function Integrations({shown}: {shown: boolean}) {
  return (
    <Activity mode={shown ? 'visible' : 'hidden'}>
      <MeshesWorkspace
        tokenEndpoint="/api/meshes/session"
        onNavigate={({detail}) => (document.title = `Integrations: ${detail.page}`)}
      />
    </Activity>
  );
}
