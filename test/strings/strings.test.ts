import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ENGLISH, type MeshesWorkspaceStrings} from '../../src/element/strings.js';

const folder = path.join(import.meta.dirname, '../../src/strings');
const languages = readdirSync(folder).map(file => path.basename(file, '.ts'));

const load = async (language: string) =>
  (await import(path.join(folder, `${language}.ts`))) as Record<string, MeshesWorkspaceStrings>;

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

test('the package has the texts of ten languages', () =>
  assert.deepEqual(languages.sort(), [
    ...['de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'nl', 'pt-BR', 'zh-CN'],
  ]));

for (const language of languages) {
  test(`the texts in ${language} have the shape of the English texts`, async () => {
    const module = await load(language);
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
