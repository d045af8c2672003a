export interface Measures {
  words: number;
  proseWords: number;
  sentences: number;
  over25: number;
  readingEase: number;
}
export function textsOf(markdown: string): {text: string; line: number; isCell: boolean}[];
export function sentencesOf(text: string): string[];
export function longSentences(
  markdown: string,
  most: number,
): {sentence: string; line: number; words: number}[];
export function measure(markdown: string): Measures;
