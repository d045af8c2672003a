/** The text of docs/reference.md. */
export function reference(): Promise<string>;

/** The text of README.md with the integrity hash of the built CDN file. */
export function readmeWithHash(): Promise<string>;
