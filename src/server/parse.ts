/** Parses a URL. Returns undefined if it is invalid, because the error of the engine would quote it. */
export function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Parses JSON. Returns undefined if it is invalid. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // An error of the engine would quote the text.
  }
  return value;
}
