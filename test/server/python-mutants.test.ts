import {describeBrokenSamples} from './support/broken-samples.js';

describeBrokenSamples('Python with Flask');
describeBrokenSamples('Python with Django');
