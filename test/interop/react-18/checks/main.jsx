import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {mountable} from '../../page.js';
import {Checks} from './Checks.jsx';

mountable(() => {
  const root = createRoot(document.querySelector('#app'));
  root.render(
    <StrictMode>
      <Checks />
    </StrictMode>,
  );
  return () => root.unmount();
});
