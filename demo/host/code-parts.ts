export interface CodePart {
  readonly text: string;
  readonly kind: 'code' | 'comment' | 'string';
}

const COMMENT_OR_STRING = /((?<!:)\/\/.*|\/\*[\s\S]*?\*\/|'[^'\n]*'|"[^"\n]*")/;

/** Splits code into comments, strings, and other code. */
export const codeParts = (code: string): readonly CodePart[] =>
  // `split` returns the matches of the group at odd indexes.
  code
    .trim()
    .split(COMMENT_OR_STRING)
    .map((text, index) => ({
      text,
      kind: index % 2 === 0 ? 'code' : text.startsWith('/') ? 'comment' : 'string',
    }));
