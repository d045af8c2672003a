import {StrictMode} from 'react';
import {createRoot} from 'react-dom/client';
import {Workspace} from './Workspace.tsx';

createRoot(document.querySelector('#app')).render(
  <StrictMode>
    <Workspace user="ada" />
  </StrictMode>,
);
