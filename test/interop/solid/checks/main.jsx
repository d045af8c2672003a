import {hydrate, render} from 'solid-js/web';
import {keeps, mountable} from '../../page.js';
import {Checks} from './Checks.jsx';
import {Kept} from './Kept.jsx';

mountable(() => {
  const container = document.querySelector('#app');
  const Page = keeps ? Kept : Checks;
  return (container.hasChildNodes() ? hydrate : render)(() => <Page />, container);
});
