import {StrictMode} from 'react';
import {renderToString} from 'react-dom/server';
import type {Settings} from '../control.js';
import {Page} from './page.js';

export const render = (settings: Settings): string =>
  renderToString(
    <StrictMode>
      <Page settings={settings} onEvent={() => {}} />
    </StrictMode>,
  );
