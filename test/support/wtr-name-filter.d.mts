/** Plugin for Web Test Runner: keeps the tests that have a text in their title or in that of a group around them. */
export function nameFilter(name: string | undefined): {
  name: string;
  transform(file: {path: string; body: string}): {body: string} | undefined;
};
