import {define} from './element/index.js';

export * from './element/index.js';

define();
