/** Bytes by entry and compression. */
export type Sizes = Record<string, Record<string, number>>;

/** Compares sizes with their baseline: the lines to print, and what is wrong. */
export function compareSizes(sizes: Sizes, baseline: Sizes): {lines: string[]; errors: string[]};
