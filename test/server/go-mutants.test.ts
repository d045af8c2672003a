import {describeBrokenSamples} from './support/broken-samples.js';

describeBrokenSamples('Go');
