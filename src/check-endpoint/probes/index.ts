import type {Probe} from '../probe.js';
import {ANSWER_PROBES} from './answers.js';
import {HANDLE_PROBES} from './handles.js';
import {LOAD_PROBES, TEXT_PROBE} from './load.js';
import {REFRESH_PROBES} from './refresh.js';
import {REQUEST_PROBES} from './requests.js';
import {SHAPE_PROBES} from './shape.js';
import {SIGN_OUT_PROBES} from './sign-out.js';

/** In the order in which they run. Those that end sessions, and those that look at all answers, come last. */
export const PROBES: readonly Probe[] = [
  ...ANSWER_PROBES,
  ...REFRESH_PROBES,
  ...REQUEST_PROBES,
  ...HANDLE_PROBES,
  ...LOAD_PROBES,
  ...SIGN_OUT_PROBES,
  ...SHAPE_PROBES,
  TEXT_PROBE,
];
