/** One line of the table: what is asked for, and what was reached. */
export interface Figure {
  number: number;
  what: string;
  /** Where it was measured: `node`, or the name and the version of a browser. */
  where: string;
  wanted: string;
  reached: string;
  ok: boolean;
}

const HEAD = ['#', 'figure', 'where', 'wanted', 'reached', ''];

/** The figures as a table in Markdown, which is what a terminal can show, too. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map(({number, what, where, wanted, reached, ok}) => [
    String(number),
    what,
    where,
    wanted,
    reached,
    ok ? 'reached' : '**missed**',
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(3, head.length, ...rows.map(row => row[column]!.length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(HEAD), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export const count = (number: number) => number.toLocaleString('en-US');
