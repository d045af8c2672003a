import type {Status} from './outcome.js';
import type {Finding} from './probe.js';
import type {Result} from './run-probes.js';

const WIDTH = 80;
const LABEL = 10;

const count = ({findings}: Result, status: Status) =>
  findings.filter(finding => finding.status === status).length;

/** Returns the URL without its query, which can contain a secret. */
const addressOf = ({origin, pathname}: URL) => origin + pathname;

/** Returns the report for programs. */
export function formatJson(endpoint: URL, result: Result): string {
  const {findings, created, ended} = result;
  const summary = {
    passed: count(result, 'passed'),
    failed: count(result, 'failed'),
    warnings: count(result, 'warning'),
    unknown: count(result, 'unknown'),
  };
  const report = {
    endpoint: addressOf(endpoint),
    summary,
    sessions: {created, ended},
    findings,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Returns the report for people, as plain text of 80 columns. Only URLs can be longer. */
export function formatText(endpoint: URL, result: Result): string {
  const {findings} = result;
  const of = (status: Status) => findings.filter(finding => finding.status === status);
  const blocks = [
    `Session endpoint ${addressOf(endpoint)}`,
    passedList(of('passed')),
    unknownList(of('unknown')),
    ...details('WARNING', of('warning')),
    ...details('FAILED', of('failed')),
    summaryOf(result),
  ];
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function passedList(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const width = Math.max(...findings.map(({id}) => id.length)) + 2;
  return ['Passed', ...findings.map(({id, title}) => wrap(`  ${id.padEnd(width)}`, title))].join(
    '\n',
  );
}

/** Groups unknown results by reason: one reason can affect many checks. */
function unknownList(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const reasons = [...new Set(findings.map(({seen}) => seen))];
  const blocks = reasons.map(reason => {
    const ids = findings.filter(({seen}) => seen === reason).map(({id}) => id);
    return `${wrap('  ', reason)}\n${wrap('    ', ids.join(', '))}`;
  });
  return ['Unknown: could not be checked', ...blocks].join('\n');
}

function details(label: string, findings: readonly Finding[]): string[] {
  return findings.map(({id, title, seen, expected, why, section}) =>
    [
      wrap(`${label}  `, `${id}: ${title}`),
      row('Seen', seen),
      row('Expected', expected),
      row('Why', why),
      `  See\n  ${section}`,
    ].join('\n'),
  );
}

const row = (label: string, text: string) => wrap(`  ${label.padEnd(LABEL)}`, text);

/** Wraps a text after a prefix. Further lines are indented. */
function wrap(prefix: string, text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && prefix.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines
    .map((content, index) => (index === 0 ? prefix : ' '.repeat(prefix.length)) + content)
    .join('\n');
}

function summaryOf(result: Result): string {
  const {created, ended} = result;
  const counts = [
    `passed ${count(result, 'passed')}`,
    `failed ${count(result, 'failed')}`,
    `warnings ${count(result, 'warning')}`,
    `unknown ${count(result, 'unknown')}`,
  ];
  const rest = created > ended ? '; the others expire' : '';
  return [
    `Checks    ${counts.join(', ')}`,
    `Sessions  created ${created}, ended ${ended}${rest}`,
  ].join('\n');
}
