import {generateHydrationScript, renderToString} from 'solid-js/web';
import {Checks} from './Checks.jsx';

export const render = () => ({
  head: generateHydrationScript(),
  body: renderToString(() => <Checks />),
});
