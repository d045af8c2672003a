import type {Figure} from '../reliability/figure.js';

/** Added to the answers of a first visit and of a return, in ms. */
export const SCRIPT_MS = 50;
export const ANSWER_MS = 100;
/** Added to those of an opening from a link. */
export const OPENING_MS = {token: 200, frame: 300} as const;
/** How long a pointer rests on a link before the click, in ms. */
export const HOVER_MS = 500;

export interface Conditions {
  name: string;
  /** In the summary for users. */
  inSummary: string;
  /** How many times slower the processor is. */
  cpu: number;
  slow4G: boolean;
}

export const CONDITIONS: readonly Conditions[] = [
  {
    name: 'CPU ×1',
    inSummary: 'First visit with `early.min.js`',
    cpu: 1,
    slow4G: false,
  },
  {
    name: 'CPU ×4',
    inSummary: 'First visit with `early.min.js`, slow processor',
    cpu: 4,
    slow4G: false,
  },
  {
    name: 'CPU ×4, slow 4G',
    inSummary: 'First visit with `early.min.js`, slow processor and slow 4G',
    cpu: 4,
    slow4G: true,
  },
];

/** Each round of each way to show a workspace on a first visit, in ms. */
export interface Visits {
  early: number[];
  element: number[];
  /** Hand-written code in a file, and in the page. */
  handFile: number[];
  handInline: number[];
  superset: number[];
}

/** Each round of a return with `keep()` and without, in ms; and what was counted in all of them. */
export interface Returns {
  kept: number[];
  fresh: number[];
  requests: {kept: number; fresh: number};
  /** Returns after which the field of the frame still held what had been typed. */
  textsKept: {kept: number; fresh: number};
}

/** What was measured, from which the tables and the picture are made. */
export interface UsersRecord {
  rounds: number;
  /** By the name of the conditions, as is `work`. */
  visits: Record<string, Visits>;
  /**
   * What the host page did, in ms: from the tag to the token request, and from its response to the request for the frame. For a
   * frame that waits for no response it means nothing.
   */
  work: Record<string, Visits>;
  /** By the name and version of the engine. */
  returns: Record<string, Returns>;
  opening: {warmed: number[]; cold: number[]};
  /** What kept workspaces leave behind. */
  kept: Figure[];
}
