/** The text of docs/reference.md. */
export function reference(): Promise<string>;
