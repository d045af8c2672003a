import {describeBrokenSamples} from './support/broken-samples.js';

describeBrokenSamples('PHP');
describeBrokenSamples('Ruby');
