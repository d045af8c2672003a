export interface CodePart {
  readonly text: string;
  readonly kind: 'code' | 'comment' | 'string';
}

const COMMENT_OR_STRING = /((?<!:)\/\/.*|\/\*[\s\S]*?\*\/|'[^'\n]*'|"[^"\n]*")/;

/** Sets apart what is said and what is quoted in a piece of code. */
export const codeParts = (code: string): readonly CodePart[] =>
  // A group in the pattern of `split` puts its matches at the odd places.
  code
    .trim()
    .split(COMMENT_OR_STRING)
    .map((text, index) => ({
      text,
      kind: index % 2 === 0 ? 'code' : text.startsWith('/') ? 'comment' : 'string',
    }));
