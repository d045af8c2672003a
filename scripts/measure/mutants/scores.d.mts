export interface Counts {
  killed: number;
  timedOut: number;
  survived: number;
  noCoverage: number;
}
export interface RecordedCounts extends Counts {
  /** The hash of the code that was measured. */
  source: string;
}
export interface ScoreRecord {
  files: Record<string, RecordedCounts>;
  seconds: Record<string, number>;
}

export const PAGE: string;
export function readRecord(root: string): ScoreRecord;
export function hashSource(code: string): string;
export function scoresOf(counts: Counts): {all: number | undefined; covered: number | undefined};
export function checkScores(
  files: Record<string, RecordedCounts>,
  sources: Record<string, string>,
): {errors: string[]; warnings: string[]};
