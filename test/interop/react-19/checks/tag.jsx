import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {mountable} from '../../page.js';
import {TagChecks} from './TagChecks.jsx';

mountable(() => {
  const root = createRoot(document.querySelector('#app'));
  root.render(
    <StrictMode>
      <TagChecks />
    </StrictMode>,
  );
  return () => root.unmount();
});
