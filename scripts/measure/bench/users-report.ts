import {atMost, figure, type Goal, medianAtMost, type Section} from './report.js';
import {median, quartiles, ratios, verdict, won} from './statistics.js';
import {
  ANSWER_MS,
  CONDITIONS,
  HOVER_MS,
  OPENING_MS,
  SCRIPT_MS,
  type UsersRecord,
} from './users-record.js';

/* The tables of what users wait for, made from the recorded rounds; and its summary, which is also drawn as a picture. */

/** A line of the summary: some way to show a workspace, and what would be done without it. */
export interface Case {
  /** In Markdown. */
  name: string;
  bars: readonly {who: 'with' | 'without' | 'hand-written'; rounds: readonly number[]}[];
}

/** The summary: six lines at most. */
export function cases({visits, returns, opening}: UsersRecord): Case[] {
  return [
    ...CONDITIONS.map(({name, inSummary}): Case => {
      const {early, element, handFile} = visits[name]!;
      return {
        name: inSummary,
        bars: [
          {who: 'with', rounds: early},
          {who: 'without', rounds: element},
          {who: 'hand-written', rounds: handFile},
        ],
      };
    }),
    {
      name: 'Click on a link with `warm()`',
      bars: [
        {who: 'with', rounds: opening.warmed},
        {who: 'without', rounds: opening.cold},
      ],
    },
    ...Object.entries(returns).map(([engine, {kept, fresh}]): Case => ({
      name: `Return to a route with \`keep()\`, ${engine}`,
      bars: [
        {who: 'with', rounds: kept},
        {who: 'without', rounds: fresh},
      ],
    })),
  ];
}

export const ms = (rounds: readonly number[]) =>
  `${Math.round(median(rounds)).toLocaleString('en-US')} ms`;

/** A ratio for users: its median, and what the rounds say. */
function ratioOf({bars: [one, other]}: Case): string {
  const each = ratios(one!.rounds, other!.rounds);
  return verdict(each) === 'within noise'
    ? `${figure(median(each))}, within noise`
    : figure(median(each));
}

export function summary(record: UsersRecord): {head: string[]; rows: string[][]} {
  return {
    head: ['case', 'with it', 'without it', 'hand-written code', 'with / without'],
    rows: cases(record).map(each => [
      each.name,
      ...[0, 1, 2].map(index => (each.bars[index] ? ms(each.bars[index].rounds) : '')),
      ratioOf(each),
    ]),
  };
}

/** What was measured and how, for users. */
export function conditionsText({rounds}: UsersRecord): string {
  return [
    `Medians of ${rounds} rounds, until the frame has its token, in Chromium unless another browser is named.`,
    `The server delays the script by ${SCRIPT_MS} ms, and token and frame by ${ANSWER_MS} ms each; after a click by ${OPENING_MS.token} and ${OPENING_MS.frame} ms.`,
    'A slow processor is slowed down 4 times; slow 4G is 1.6 Mbps with 150 ms. Within noise: the quartiles of the ratio include 1.',
  ].join(' ');
}

const HEAD = ['', 'median', 'lower quartile', 'upper quartile', 'rounds won', 'difference'];
const HOW_TO_READ =
  'A ratio is of one round, and is won if it is below 1. A difference is within noise if the quartiles of its ratio include 1; a goal, if they include its limit.';

export function usersSections(record: UsersRecord): Section[] {
  return [firstVisit(record), returnToRoute(record), openingFromLink(record), leftOver(record)];
}

function firstVisit({visits, work, rounds}: UsersRecord): Section {
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const {name: where, cpu} of CONDITIONS) {
    const {early, element, handFile, handInline, superset} = visits[where]!;
    const ratio = (what: string, one: number[], other: number[], limit?: number) => {
      const each = ratios(one, other);
      rows.push(ratioRow(`${where}: ${what}`, each));
      if (limit) goals.push(medianAtMost(`${where}: ${what}`, each, limit));
    };
    rows.push(
      row(`${where}: the element, ms`, element),
      row(`${where}: the element with early.min.js, ms`, early),
      row(`${where}: hand-written code in a file, ms`, handFile),
      row(`${where}: hand-written code in the page, ms`, handInline),
      row(`${where}: Superset’s SDK, ms`, superset),
      row(`${where}: the element, own work, ms`, work[where]!.element),
      row(`${where}: the element with early.min.js, own work, ms`, work[where]!.early),
      row(`${where}: hand-written code in a file, own work, ms`, work[where]!.handFile),
    );
    // The goals for a slow network are those for a slow processor.
    const [toElement, toHand] = cpu === 1 ? [0.85, 0.9] : [0.9, 1];
    ratio('early / element', early, element, toElement);
    ratio('early / hand-written in a file', early, handFile, toHand);
    ratio('element / hand-written in a file', element, handFile, 1.05);
    ratio('early / hand-written in the page', early, handInline);
    ratio('element / hand-written in the page', element, handInline);
    ratio('element / Superset’s SDK', element, superset);
  }
  return {
    title: 'First visit',
    text: `From the navigation to the token’s arrival in the frame, with an empty cache, and scripts compressed by Brotli. ${SCRIPT_MS} ms are added to the answer for the script, ${ANSWER_MS} ms to those for the token and for the frame. Hand-written code is that of the quickstart: it shows the frame, posts the token, and applies the height. Superset’s SDK knows the address of its frame without a token, so it requests both at the same time; its frame here does nothing but take the token. Own work is the time from the tag to the token request, plus the time from its response to the request for the frame: what is left of it if the network takes no time. Slow 4G is 1.6 Mbps with 150 ms. The processor and the network of the host page are slowed down, not those of the frame. ${rounds} rounds in turn. ${HOW_TO_READ}`,
    head: HEAD,
    rows,
    goals,
  };
}

function returnToRoute({returns, rounds}: UsersRecord): Section {
  const engines = Object.entries(returns);
  return {
    title: 'Return to a route',
    text: `From the insertion of the next element to \`meshes-ready\`, with ${ANSWER_MS} ms for the token and ${ANSWER_MS} ms for the frame. Before it leaves, the page has something typed into a field of the frame, and reads it after the return. ${rounds} rounds.`,
    head: HEAD,
    rows: engines.flatMap(([engine, {kept, fresh, requests, textsKept}]) => [
      row(`${engine}: with keep(), ms`, kept),
      row(`${engine}: without, ms`, fresh),
      ratioRow(`${engine}: with keep() / without`, ratios(kept, fresh)),
      ...(['kept', 'fresh'] as const).flatMap(name => {
        const how = `${engine}: ${name === 'kept' ? 'with keep()' : 'without'}`;
        return [
          countRow(`${how}, token requests of all returns`, requests[name]),
          countRow(`${how}, returns with the typed text`, textsKept[name]),
        ];
      }),
    ]),
    goals: engines.flatMap(([engine, {kept, requests, textsKept}]) => [
      medianAtMost(`${engine}: return with keep()`, kept, 50, ' ms'),
      atMost(`${engine}: token requests of all returns with keep()`, requests.kept, 0),
      atMost(`${engine}: returns with keep() that lost the typed text`, rounds - textsKept.kept, 0),
    ]),
  };
}

function openingFromLink({opening: {warmed, cold}, rounds}: UsersRecord): Section {
  const each = ratios(warmed, cold);
  return {
    title: 'Opening from a link',
    text: `From the click to \`meshes-ready\`, with ${OPENING_MS.token} ms for the token and ${OPENING_MS.frame} ms for the frame, and an empty cache. Warmed: the pointer rests on the link for ${HOVER_MS} ms. Chromium; ${rounds} rounds.`,
    head: HEAD,
    rows: [row('warmed, ms', warmed), row('cold, ms', cold), ratioRow('warmed / cold', each)],
    goals: [medianAtMost('warmed / cold', each, 0.5)],
    after: `\`warm()\` requests a session, and not its frame: the ${OPENING_MS.frame} ms of the frame are in both times.`,
  };
}

function leftOver({kept}: UsersRecord): Section {
  return {
    title: 'What kept workspaces leave behind',
    text: 'Counted as `npm run reliability -- 17` does. Each search also finds what it is to find where there is some: the token before the sign-out, and a planted entry.',
    head: [],
    rows: [],
    goals: kept.map(({what, where, ...figure}) => ({...figure, what: `${what} (${where})`})),
  };
}

function row(name: string, rounds: readonly number[]): string[] {
  return [name, ...[median(rounds), ...quartiles(rounds)].map(figure), '', ''];
}

function ratioRow(name: string, each: readonly number[]): string[] {
  const cells = row(name, each).slice(0, 4);
  return [...cells, `${won(each, 1)} of ${each.length}`, verdict(each)];
}

const countRow = (name: string, count: number) => [name, figure(count), '', '', '', ''];
