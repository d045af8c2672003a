import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ENGLISH, type MeshesWorkspaceStrings} from '../../src/element/strings.js';
import * as de from '../../src/strings/de.js';
import * as en from '../../src/strings/en.js';
import * as es from '../../src/strings/es.js';
import * as fr from '../../src/strings/fr.js';
import * as it from '../../src/strings/it.js';
import * as ja from '../../src/strings/ja.js';
import * as ko from '../../src/strings/ko.js';
import * as nl from '../../src/strings/nl.js';
import * as ptBR from '../../src/strings/pt-BR.js';
import * as zhCN from '../../src/strings/zh-CN.js';

/** By language. A namespace has one export, named after the language. */
const modules: Record<string, Record<string, MeshesWorkspaceStrings>> = {
  ...{de, en, es, fr, it, ja, ko, nl},
  'pt-BR': ptBR,
  'zh-CN': zhCN,
};

/** Every text, by its key: `retry`, `errors.default`. */
const textsOf = ({errors, ...others}: MeshesWorkspaceStrings): Record<string, string> => ({
  ...others,
  ...Object.fromEntries(Object.entries(errors).map(([code, text]) => [`errors.${code}`, text])),
});
const english = textsOf(ENGLISH);

/** Which keys share a text. */
const sharedKeys = (texts: Record<string, string>) =>
  Object.keys(texts).map(key => Object.keys(texts).filter(other => texts[other] === texts[key]));
const placeholders = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];
/** The kind of ending: screen readers pause after a sentence, and an ellipsis says that work goes on. */
const ending = (text: string) => /[.。…]$/.exec(text)?.[0].replace('。', '.');

test('each language of the package is checked', () => {
  const folder = path.join(import.meta.dirname, '../../src/strings');
  const files = readdirSync(folder).filter(file => file.endsWith('.ts'));
  assert.deepEqual(
    files.sort(),
    Object.keys(modules).map(language => `${language}.ts`),
  );
});

for (const [language, module] of Object.entries(modules)) {
  test(`the texts in ${language} have the shape of the English texts`, () => {
    assert.deepEqual(Object.keys(module), [language.replace('-', '')]);
    const texts = textsOf(Object.values(module)[0]!);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
    assert.deepEqual(sharedKeys(texts), sharedKeys(english));
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim() === text && text !== '', `${key} is empty or has outer spaces`);
      assert.deepEqual(placeholders(text), placeholders(english[key]!), key);
      assert.equal(ending(text), ending(english[key]!), key);
      if (language !== 'en') assert.notEqual(text, english[key], `${key} is not translated`);
    }
  });
}
