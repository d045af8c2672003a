import {Workspace} from './Workspace.jsx';

export default function Page() {
  return <Workspace />;
}
