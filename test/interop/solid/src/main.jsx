import {render} from 'solid-js/web';
import {Workspace} from './Workspace.jsx';

render(() => <Workspace />, document.querySelector('#app'));
