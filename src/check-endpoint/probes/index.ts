import type {Probe} from '../probe.js';
import {ANSWER_PROBES} from './answers.js';
import {BODY_PROBES} from './bodies.js';
import {HANDLE_PROBES} from './handles.js';
import {LOAD_PROBES, TEXT_PROBE} from './load.js';
import {METHOD_PROBES} from './methods.js';
import {ORIGIN_PROBES} from './origins.js';
import {REFRESH_PROBES} from './refresh.js';
import {SHAPE_PROBES} from './shape.js';
import {SIGN_OUT_PROBES} from './sign-out.js';

/** The probes, in the order in which they run. Those that end sessions, and those that check all responses, come last. */
export const PROBES: readonly Probe[] = [
  ...ANSWER_PROBES,
  ...REFRESH_PROBES,
  ...ORIGIN_PROBES,
  ...METHOD_PROBES,
  ...BODY_PROBES,
  ...HANDLE_PROBES,
  ...LOAD_PROBES,
  ...SIGN_OUT_PROBES,
  ...SHAPE_PROBES,
  TEXT_PROBE,
];
