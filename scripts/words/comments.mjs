/** Finds the comments of a TypeScript or JavaScript file, for the word check. */
import ts from 'typescript';

const COLUMNS = /^.*\S {2,}\S.*$/;

/**
 * Returns the comments of a source file as Markdown, in the same lines as in the file. Everything else is blank, also lines in columns,
 * such as commands and what they do. A tag such as `@param` becomes a list item.
 */
export function commentsOf(source) {
  const lines = source.split('\n').map(() => '');
  const scanner = ts.createScanner(
    ts.ScriptTarget.Latest,
    false,
    ts.LanguageVariant.Standard,
    source,
  );
  /** The open braces of each expression in a template. */
  const braces = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    // After an expression in a template, the scanner must be told that the template continues.
    if (kind === ts.SyntaxKind.TemplateHead) braces.push(0);
    else if (kind === ts.SyntaxKind.OpenBraceToken && braces.length > 0)
      braces[braces.length - 1]++;
    else if (kind === ts.SyntaxKind.CloseBraceToken && braces.length > 0) {
      if (braces.at(-1) > 0) braces[braces.length - 1]--;
      else if (scanner.reScanTemplateToken(false) === ts.SyntaxKind.TemplateTail) braces.pop();
    }
    const isLine = kind === ts.SyntaxKind.SingleLineCommentTrivia;
    if (!isLine && kind !== ts.SyntaxKind.MultiLineCommentTrivia) continue;
    const first = source.slice(0, scanner.getTokenStart()).split('\n').length - 1;
    scanner
      .getTokenText()
      .split('\n')
      .forEach((text, index) => {
        lines[first + index] = isLine
          ? text.replace(/^\/+ ?/, '')
          : text
              .replace(/^\s*\/?\*+\/? ?|\s*\*\/$/g, '')
              .replace(COLUMNS, '')
              .replace(/^@\w+ /, '- ');
      });
  }
  return lines.join('\n');
}
