import ts from 'typescript';

/**
 * Titles of the tests in a source file: the first argument of each `it(…)` and `test(…)`, if it is a literal. A template with
 * `${…}` has its source text as the title.
 */
export function testTitles(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTestFunction(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
      else if (title && ts.isTemplateExpression(title)) {
        titles.push(title.getText(file).slice(1, -1));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

function isTestFunction(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && (node.text === 'it' || node.text === 'test');
}
