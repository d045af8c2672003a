import {StrictMode} from 'react';
import {createRoot, hydrateRoot} from 'react-dom/client';
import {keeps, mountable} from '../../page.js';
import {Checks} from './Checks.jsx';
import {Kept} from './Kept.jsx';

mountable(() => {
  const container = document.querySelector('#app');
  const checks = <StrictMode>{keeps ? <Kept /> : <Checks />}</StrictMode>;
  if (container.hasChildNodes()) {
    const root = hydrateRoot(container, checks);
    return () => root.unmount();
  }
  const root = createRoot(container);
  root.render(checks);
  return () => root.unmount();
});
