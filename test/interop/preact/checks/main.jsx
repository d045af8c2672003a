import {hydrate, render} from 'preact';
import {keeps, mountable} from '../../page.js';
import {Checks} from './Checks.jsx';
import {Kept} from './Kept.jsx';

mountable(() => {
  const container = document.querySelector('#app');
  (container.hasChildNodes() ? hydrate : render)(keeps ? <Kept /> : <Checks />, container);
  return () => render(null, container);
});
