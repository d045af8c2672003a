import type {Endpoint} from './endpoint.js';
import type {Outcome} from './outcome.js';
import type {Section} from './sections.js';
import type {Sessions} from './sessions.js';

/** What a probe works with. */
export interface Context {
  endpoint: Endpoint;
  sessions: Sessions;
  now: () => number;
}

export interface Probe {
  id: string;
  /** What a good endpoint does, in the third person. */
  title: string;
  section: Section;
  /** What must be. */
  expected: string;
  /** What happens otherwise. */
  why: string;
  /** Waits for a time limit of the endpoint: it runs beside the others. */
  isSlow?: boolean;
  run: (context: Context) => Promise<Outcome> | Outcome;
}

export interface Finding extends Outcome {
  id: string;
  title: string;
  expected: string;
  why: string;
  /** Address of the section of the documentation. */
  section: string;
}
