import solid from 'vite-plugin-solid';
import {checks} from '../../checks.config.js';

export default checks({plugins: [solid({ssr: true})]});
