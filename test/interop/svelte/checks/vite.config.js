import {checks} from '../../checks.config.js';
import config from '../vite.config.js';

export default checks(config);
