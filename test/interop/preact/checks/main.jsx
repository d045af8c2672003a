import {hydrate, render} from 'preact';
import {mountable} from '../../page.js';
import {Checks} from './Checks.jsx';

mountable(() => {
  const container = document.querySelector('#app');
  (container.hasChildNodes() ? hydrate : render)(<Checks />, container);
  return () => render(null, container);
});
