import {render} from 'preact';
import {Workspace} from './Workspace.jsx';

render(<Workspace />, document.querySelector('#app'));
