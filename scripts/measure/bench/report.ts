import {median, type Spread, verdict} from './statistics.js';

/** What a part wants to reach, and whether it did. */
export interface Goal {
  what: string;
  wanted: string;
  reached: string;
  ok: boolean;
  /** The quartiles of what was measured are on both sides of the limit. */
  withinNoise?: boolean;
}

/** One table with its text, for the terminal and for the document. */
export interface Section {
  title: string;
  /** What was measured and how, in Markdown. */
  text: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  goals: readonly Goal[];
  /** Whatever a reader of the table has to know after it, in Markdown. */
  after?: string;
}

const GOALS_HEAD = ['goal', 'wanted', 'reached', ''];

/** A number with three significant digits, and all of them before the point; a whole one as it is. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits =
    Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Three cells: minimum, median, maximum. */
export function cells({min, median, max}: Spread): string[] {
  return [min, median, max].map(figure);
}

/** A goal that some number is not greater than a limit. */
export function atMost(what: string, reached: number, limit: number, unit = ''): Goal {
  return {
    what,
    wanted: `≤ ${limit.toLocaleString('en-US')}${unit}`,
    reached: `${figure(reached)}${unit}`,
    ok: reached <= limit,
  };
}

/** A goal that the median of some rounds is not greater than a limit. */
export function medianAtMost(
  what: string,
  values: readonly number[],
  limit: number,
  unit = '',
): Goal {
  const withinNoise = verdict(values, limit) === 'within noise';
  return {...atMost(what, median(values), limit, unit), withinNoise};
}

/** A table in Markdown, which is what a terminal can show, too. The first column is text, the others are numbers. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = true,
): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map(row => row[column]!.length)),
  );
  const isNumber = (column: number) => numbers && column > 0;
  const line = (row: readonly string[]) => {
    const padded = row.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    isNumber(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** The goals as a table; a missed one stands out. */
export function goalsTable(goals: readonly Goal[]): string {
  const rows = goals.map(({what, wanted, reached, ok, withinNoise}) => [
    what,
    wanted,
    reached,
    `${ok ? 'reached' : '**missed**'}${withinNoise ? ', within noise' : ''}`,
  ]);
  return toTable(GOALS_HEAD, rows, false);
}

export function toMarkdown({title, text, head, rows, goals, after}: Section): string {
  return [
    `## ${title}`,
    text,
    ...(rows.length > 0 ? [toTable(head, rows)] : []),
    ...(goals.length > 0 ? [goalsTable(goals)] : []),
    ...(after ? [after] : []),
  ].join('\n\n');
}
