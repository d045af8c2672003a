/** The text of docs/reference.md. */
export function reference(): Promise<string>;

/** README.md and the samples in docs/backends that load the CDN file, each with its text with the hash of the built file. */
export function textsWithHash(): {file: string; text: string}[];
