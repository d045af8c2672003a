type Part = 'node' | 'browser' | 'e2e';

export interface RunOptions {
  parts: Part[];
  /** The test files of each part. Parts that do not run have none. */
  files: Record<Part, string[]>;
  build: boolean;
  /** Only tests with this text in their title. */
  name: string | undefined;
  mode: 'run' | 'watch' | 'debug';
}

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[], allFiles: readonly string[]): RunOptions;

/** A pattern for this text alone. */
export function escapePattern(text: string): string;
