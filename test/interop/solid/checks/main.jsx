import {hydrate, render} from 'solid-js/web';
import {mountable} from '../../page.js';
import {Checks} from './Checks.jsx';

mountable(() => {
  const container = document.querySelector('#app');
  return (container.hasChildNodes() ? hydrate : render)(() => <Checks />, container);
});
