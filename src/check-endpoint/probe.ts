import type {Endpoint} from './endpoint.js';
import type {Outcome} from './outcome.js';
import type {Section} from './sections.js';
import type {Sessions} from './sessions.js';

/** The arguments of a probe. */
export interface Context {
  endpoint: Endpoint;
  sessions: Sessions;
  now: () => number;
}

export interface Probe {
  id: string;
  /** What a correct endpoint does, in the third person. */
  title: string;
  section: Section;
  /** The expected result. */
  expected: string;
  /** The reason for the rule, or what happens without it. */
  why: string;
  /** Whether the probe waits for a timeout of the endpoint. Then it runs in parallel to the others. */
  isSlow?: boolean;
  run: (context: Context) => Promise<Outcome> | Outcome;
}

export interface Finding extends Outcome {
  id: string;
  title: string;
  expected: string;
  why: string;
  /** URL of the section of the documentation. */
  section: string;
}
