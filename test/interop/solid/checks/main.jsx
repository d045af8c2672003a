import {render} from 'solid-js/web';
import {mountable} from '../../page.js';
import {Checks} from './Checks.jsx';

mountable(() => render(() => <Checks />, document.querySelector('#app')));
