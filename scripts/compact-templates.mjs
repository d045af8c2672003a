import {transformSync} from 'esbuild';
import ts from 'typescript';

/** Stands for `${…}` while the parts of a template are one text. */
const EXPRESSION = '\0';

/** The engines of the README. They decide which CSS can be written in a shorter way. */
const ENGINES = ['chrome125', 'firefox126', 'safari17.4'];

/**
 * Removes indentation from the `css` and `html` templates of a module, and comments from its CSS: minifiers leave templates as
 * they are. As many line breaks as a template loses follow it in the code, so that source maps stay valid for all other lines.
 *
 * @param {string} code JavaScript
 * @returns the code, and how many templates of each kind were found
 * @throws Error for a template that cannot be compacted safely
 */
export function compactTemplates(code) {
  const source = ts.createSourceFile('module.js', code, ts.ScriptTarget.ES2022, true);
  const found = {css: 0, html: 0};
  const edits = [];
  const visit = node => {
    const kind = ts.isTaggedTemplateExpression(node) && node.tag.getText();
    if (kind === 'css' || kind === 'html') {
      found[kind] += 1;
      const literals = literalsOf(node.template);
      const compacted = (kind === 'css' ? compactCss : compactHtml)(literals.map(readText));
      literals.forEach((literal, index) => {
        const [open, close] = literal.getText().match(/^.|(`|\$\{)$/gs);
        const lost = lines(literal.text) - lines(compacted[index]);
        const text = open + compacted[index] + close + '\n'.repeat(lost);
        edits.push({start: literal.getStart(), end: literal.getEnd(), text});
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);

  let result = '';
  let end = 0;
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    result += code.slice(end, edit.start) + edit.text;
    end = edit.end;
  }
  return {code: result + code.slice(end), found};
}

const lines = text => text.split('\n').length;

const literalsOf = template =>
  ts.isNoSubstitutionTemplateLiteral(template)
    ? [template]
    : [template.head, ...template.templateSpans.map(({literal}) => literal)];

function readText(literal) {
  if (literal.getText().includes('\\')) {
    throw new Error(`A template with an escape sequence cannot be compacted: ${literal.getText()}`);
  }
  return literal.text;
}

function compactCss(parts) {
  if (parts.length > 1) throw new Error('A css template with an expression cannot be compacted.');
  const {code, warnings} = transformSync(parts[0], {loader: 'css', minify: true, target: ENGINES});
  if (warnings.length > 0) throw new Error(`esbuild warns of CSS: ${warnings[0].text}`);
  // esbuild leaves the values of custom properties as they are.
  const shorter = code.replace(/(--[\w-]+:) *([^;}'"]*)/g, (_, name, value) => {
    return name + value.replace(/(?<=[(,])\s+|\s+(?=\))/g, '');
  });
  return [shorter.trim().replaceAll('\\', '\\\\')];
}

/** Refuses what `scripts/cdn/lit-html.mjs` does not render. */
function checkBindings(text) {
  let depth = 0;
  for (const [token, closes, inner, closed] of text.matchAll(/<(\/?)([^>]*?)(\/?)>|\0/g)) {
    if (token === EXPRESSION) {
      if (depth === 0)
        throw new Error('A template cannot have an expression outside of its elements.');
      continue;
    }
    depth += closes ? -1 : closed ? 0 : 1;
    if (inner.replace(/\s[.?@]?[\w-]+=\0(?=\s|$)/g, '').includes(EXPRESSION)) {
      throw new Error(`An expression has to be the whole value of an attribute: ${token}`);
    }
  }
}

/**
 * Whitespace with a line break goes where it is next to tags and expressions only. The views lay out their elements by `grid` and
 * `flex`, or show one text alone, so that it is not rendered. Next to text it becomes one space.
 */
function compactHtml(parts) {
  const text = parts.join(EXPRESSION);
  checkBindings(text);
  if (/<(pre|textarea)\b/.test(text)) throw new Error('Preformatted text cannot be compacted.');
  return text
    .replace(/<[^>]*>/g, tag => tag.replace(/\s+/g, ' ').replace(/ (?=\/?>$)/, ''))
    .replace(/(?<=^|[>\0])\s*\n\s*(?=[<\0]|$)/g, '')
    .replace(/\s*\n\s*/g, ' ')
    .split(EXPRESSION);
}
