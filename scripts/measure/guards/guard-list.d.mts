export interface Guard {
  name: string;
  /** What it holds. */
  what: string;
  file: string;
  /** Exact text, once in the file, and what takes its place. */
  from: string;
  to: string;
  /** The tests that have to notice. */
  node?: string[];
  browser?: string[];
}

export const GUARDS: readonly Guard[];

/** @throws Error where the guard's text is not in its file, or more than once */
export function withoutGuard(guard: Guard, root: string): string;
