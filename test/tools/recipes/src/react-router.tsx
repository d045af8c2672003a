import {launchPageOf} from 'meshes-workspace';
import {MeshesWorkspace} from 'meshes-workspace/react';
import {useSearchParams} from 'react-router';

export function Integrations() {
  const [params, setParams] = useSearchParams();
  return (
    <MeshesWorkspace
      tokenEndpoint="/api/meshes/session"
      launchPage={launchPageOf(params.get('page'))}
      onNavigate={({detail: {page}}) => setParams(page ? {page} : {}, {replace: true})}
    />
  );
}
