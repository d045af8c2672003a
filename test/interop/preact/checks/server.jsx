import {renderToString} from 'preact-render-to-string';
import {Checks} from './Checks.jsx';

export const render = () => ({body: renderToString(<Checks />)});
