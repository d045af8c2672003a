import {StrictMode} from 'react';
import {renderToString} from 'react-dom/server';
import {Checks} from './Checks.jsx';

export const render = () => ({
  body: renderToString(
    <StrictMode>
      <Checks />
    </StrictMode>,
  ),
});
