/** The text of docs/reference.md. */
export function reference(): Promise<string>;

/** The documents whose tags have integrity hashes, with the hashes of the built CDN files: name → text. */
export function textsWithHashes(): Map<string, string>;
