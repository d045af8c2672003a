/** Returns undefined if the text is not a URL: an error of the engine would quote it. */
export function toUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Returns undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // An error of the engine would quote the text.
  }
  return value;
}
