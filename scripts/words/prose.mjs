/** Finds the sentences of a Markdown page, and measures them. */
import {flesch} from 'flesch';
import {syllable} from 'syllable';

/** Stands for a code span or a URL, which count as one word. */
const PLACEHOLDER = 'code';

/**
 * The texts of a page, each with its line: paragraphs, list items, and table cells. Without code blocks, headings, and comments.
 *
 * @returns {{text: string, line: number, isCell: boolean}[]}
 */
export function textsOf(markdown) {
  const blank = part => part.replace(/[^\n]/g, '');
  const lines = markdown
    .replace(/^---\n.*?\n---\n/s, blank)
    .replace(/^ *```.*?^ *```$/gms, blank)
    .replace(/<!--.*?-->/gs, blank)
    .replace(/`[^`]*`/g, span => PLACEHOLDER + blank(span))
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/https?:\S*[\w/]/g, PLACEHOLDER)
    .replace(/[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}/g, '')
    .split('\n');
  const texts = [];
  let open;
  lines.forEach((content, index) => {
    const line = index + 1;
    const text = content.trim();
    if (text === '' || /^(#{1,6} |\|[\s:|-]+\|$)/.test(text)) open = undefined;
    else if (text.startsWith('|')) {
      open = undefined;
      for (const cell of text.slice(1, -1).split('|')) {
        texts.push({text: cell.trim(), line, isCell: true});
      }
    } else if (!open || /^([-*]|\d+\.) /.test(text)) {
      open = {text: text.replace(/^([-*>]|\d+\.) /, ''), line, isCell: false};
      texts.push(open);
    } else open.text += ` ${text}`;
  });
  return texts;
}

/** A sentence ends at a full stop before a capital letter, or at the end of its text. */
export const sentencesOf = text =>
  text.split(/(?<=(?<!\b(?:e\.g|i\.e|vs))[.!?][")]?)\s+(?=["(]?[A-Z0-9]|code\b)/).filter(wordsOf);

/** Words have a letter or a digit: a dash or an arrow is none. */
const wordsOf = text => text.split(/\s+/).filter(word => /[\p{L}\p{N}]/u.test(word)).length;

/** The sentences of a page with more than `most` words, each with its line. */
export function longSentences(markdown, most) {
  return textsOf(markdown).flatMap(({text, line}) =>
    sentencesOf(text)
      .map(sentence => ({sentence, line, words: wordsOf(sentence)}))
      .filter(({words}) => words > most),
  );
}

/** `words` counts everything between spaces, also in code and tables, as `wc -w` does. The rest is about sentences outside of tables. */
export function measure(markdown) {
  const prose = textsOf(markdown).filter(({isCell}) => !isCell);
  const sentences = prose.flatMap(({text}) => sentencesOf(text));
  const text = sentences.join(' ');
  // Code is neither easy nor difficult.
  const plain = text.replace(new RegExp(`\\b${PLACEHOLDER}\\b`, 'g'), '');
  const counts = {sentence: sentences.length, word: wordsOf(plain), syllable: syllable(plain)};
  return {
    words: markdown.split(/\s+/).filter(Boolean).length,
    proseWords: wordsOf(text),
    sentences: counts.sentence,
    over25: sentences.filter(sentence => wordsOf(sentence) > 25).length,
    // 60 to 70 is plain English; below 50 is difficult.
    readingEase: counts.sentence === 0 ? 0 : Math.round(flesch(counts)),
  };
}
