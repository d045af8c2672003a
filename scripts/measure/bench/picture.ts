import {median, quartiles} from './statistics.js';
import {type Case, cases, ms} from './users-report.js';
import type {UsersRecord} from './users-record.js';

const WIDTH = 760;
const BARS_START = 120;
/** Room for the value after the longest bar. */
const VALUE_WIDTH = 80;
const TITLE_HEIGHT = 26;
const BAR_HEIGHT = 14;
const BAR_STEP = 18;
const GROUP_GAP = 12;
const MARGIN = 16;

const LABELS = {with: 'with it', without: 'without it', 'hand-written': 'hand-written'};

/* The picture brings its own background: a page can be dark in a browser that is light. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .background { fill: #ffffff; }
  .with { fill: #0969da; }
  .without { fill: #8c959f; }
  .hand-written { fill: #c8ced5; }
  .quartiles { stroke: #1f2328; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .background { fill: #0d1117; }
    .with { fill: #4493f8; }
    .without { fill: #7d8590; }
    .hand-written { fill: #484f58; }
    .quartiles { stroke: #e6edf3; }
  }`;

/** Draws the summary: a bar for each median, with a line from the lower to the upper quartile. */
export function drawPicture(record: UsersRecord): string {
  const groups = cases(record);
  const longest = Math.max(
    ...groups.flatMap(({bars}) => bars.map(({rounds}) => quartiles(rounds)[1])),
  );
  const toWidth = (time: number) =>
    Number(((time / longest) * (WIDTH - BARS_START - VALUE_WIDTH)).toFixed(1));
  const parts: string[] = [];
  let y = MARGIN;
  for (const group of groups) {
    parts.push(...drawGroup(group, y, toWidth));
    y += TITLE_HEIGHT + group.bars.length * BAR_STEP + GROUP_GAP;
  }
  parts.push(`<text x="${MARGIN}" y="${y + 8}">${explanation(record)}</text>`);
  y += MARGIN + 8;
  const description = groups
    .map(
      ({name, bars}) =>
        `${plain(name)}: ${bars.map(({who, rounds}) => `${ms(rounds)} ${LABELS[who]}`).join(', ')}.`,
    )
    .join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-labelledby="title description">`,
    `<title id="title">Time until a workspace works</title>`,
    `<desc id="description">${description}</desc>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="background" width="${WIDTH}" height="${y}" rx="6"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const explanation = ({rounds}: UsersRecord) =>
  `Medians of ${rounds} rounds; each line is from the lower to the upper quartile.`;

function drawGroup({name, bars}: Case, top: number, toWidth: (time: number) => number): string[] {
  return [
    `<text class="title" x="${MARGIN}" y="${top + 14}">${plain(name)}</text>`,
    ...bars.flatMap(({who, rounds}, index) => {
      const y = top + TITLE_HEIGHT + index * BAR_STEP;
      const baseline = y + BAR_HEIGHT - 3;
      const middle = y + BAR_HEIGHT / 2;
      const [lower, upper] = quartiles(rounds).map(time => BARS_START + toWidth(time));
      const end = Math.max(BARS_START + toWidth(median(rounds)), upper!);
      return [
        `<text x="${MARGIN}" y="${baseline}">${LABELS[who]}</text>`,
        `<rect class="${who}" x="${BARS_START}" y="${y}" width="${toWidth(median(rounds))}" height="${BAR_HEIGHT}"/>`,
        `<line class="quartiles" x1="${lower}" x2="${upper}" y1="${middle}" y2="${middle}"/>`,
        `<text x="${end + 8}" y="${baseline}">${ms(rounds)}</text>`,
      ];
    }),
  ];
}

/** Without the marks of Markdown. The names hold nothing that XML would read. */
const plain = (name: string) => name.replaceAll('`', '');
