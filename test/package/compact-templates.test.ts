/** What the build of the CDN files does to templates. `cdn.browser.ts` compares what browsers make of the result. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {compactTemplates} from '../../scripts/compact-templates.mjs';

/** The code, without the line breaks that follow a template in place of those in it. */
const compact = (code: string) => compactTemplates(code).code.replaceAll('\n', '');

describe('an html template in a CDN file', () => {
  test('a template has no line breaks between tags, expressions and attributes', () => {
    const code =
      'html`\n  <div\n    class="a b"\n    id=${id}\n  >\n    ${one}\n    <br />\n  </div>\n`';
    assert.equal(compact(code), 'html`<div class="a b" id=${id}>${one}<br/></div>`');
  });

  test('keeps one space between text and a tag or an expression', () => {
    const code = 'html`<p>\n  Hello\n  <b>you</b> and\n  ${name}\n</p>`';
    assert.equal(compact(code), 'html`<p> Hello <b>you</b> and ${name}</p>`');
  });

  test('keeps spaces that are not indentation', () => {
    const code = 'html`<p><i>a</i> <i>b</i> ${c} <i>d</i></p>`';
    assert.equal(compact(code), code);
  });

  test('a template is compacted within an expression of another one', () => {
    const code = 'html`<p>\n  ${a ? html`\n    <b></b>\n  ` : nothing}\n</p>`';
    assert.equal(compact(code), 'html`<p>${a ? html`<b></b>` : nothing}</p>`');
  });

  test('a template must not have preformatted text', () => {
    assert.throws(() => compactTemplates('html`<pre>\n</pre>`'), /Preformatted text/);
  });

  const unsupported: readonly [title: string, template: string][] = [
    ['as a part of an attribute', 'html`<p class="a ${b}"></p>`'],
    ['in quotes', 'html`<p class="${b}"></p>`'],
    ['as an attribute', 'html`<p ${b}></p>`'],
    ['as the name of an element', 'html`<${b}></p>`'],
    ['outside of its elements', 'html`<p></p>${b}`'],
  ];
  for (const [title, template] of unsupported) {
    test(`a template must not have an expression ${title}`, () => {
      assert.throws(() => compactTemplates(template), /expression/);
    });
  }
});

describe('a css template in a CDN file', () => {
  test('a template has neither comments nor indentation', () => {
    const code = 'css`\n  /* Why. */\n  p {\n    margin: 0;\n    color: red;\n  }\n`';
    assert.equal(compact(code), 'css`p{margin:0;color:red}`');
  });

  test('a template has no indentation in the values of custom properties', () => {
    const code =
      'css`\n  p {\n    --a: var(\n      --b,\n      calc(1px + 2em)\n    );\n    --c: "( )";\n  }\n`';
    assert.equal(compact(code), 'css`p{--a:var(--b,calc(1px + 2em));--c:"( )"}`');
  });

  test('a template must not have an expression, which could be any part of a rule', () => {
    assert.throws(() => compactTemplates('css`p { margin: ${size}; }`'), /expression/);
  });

  test('a template must not have an error that a browser would skip', () => {
    assert.throws(() => compactTemplates('css`p { margin 0 }`'), /esbuild warns of CSS/);
  });
});

describe('a module with templates in a CDN file', () => {
  test('keeps the line numbers of the code behind a template', () => {
    const code =
      'const a = html`\n  <p>\n    ${b}\n  </p>\n`;\nconst c = css`\n  p {\n  }\n`;\nlast();';
    const {code: compacted} = compactTemplates(code);
    const lineOf = (text: string) => text.split('\n').findIndex(line => line === 'last();');
    assert.equal(lineOf(compacted), lineOf(code));
    assert.equal(
      compacted.replaceAll('\n', ''),
      'const a = html`<p>${b}</p>`;const c = css``;last();',
    );
  });

  test('tells how many templates it has', () => {
    const {found} = compactTemplates('html`<p>${html`a`}</p>`; css`p{margin:0}`; other`\n`;');
    assert.deepEqual(found, {css: 1, html: 2});
  });

  test('a template must not have an escape sequence in a template', () => {
    assert.throws(() => compactTemplates(String.raw`html${'`'}\u00a0${'`'}`), /escape sequence/);
  });
});
