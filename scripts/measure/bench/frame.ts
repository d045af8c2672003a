import type {Browser} from './chromium.js';
import type {LoadReport} from './pages/stopwatch.js';
import {atMost, cells, type Goal, type Section} from './report.js';
import {metrics} from './resizing.js';
import {CDN, script, type Site, startSite, VARIANTS} from './site.js';
import {interleave, median, pairwise, ratios, spread} from './statistics.js';

/** Added to the answers for the token and for the document of the frame, in ms; and the rounds. */
const LATENCIES = [
  {latency: 0, rounds: 25},
  {latency: 50, rounds: 15},
  {latency: 300, rounds: 15},
];
const HANDSHAKE_ROUNDS = 25;
const WORK_ROUNDS = 15;
const LIMIT = 1.05;

/** Starts the pages that show a frame in each of the ways that are compared. */
export async function startFrameSite(): Promise<Site> {
  const [stopwatch, byHand, workspace, penpalHost, penpalFrame] = await Promise.all(
    [
      'pages/stopwatch.ts',
      'pages/by-hand.ts',
      'pages/workspace.ts',
      'competitors/penpal-host.ts',
      'competitors/penpal-frame.ts',
    ].map(file => script(file)),
  );
  const endpoint = (query: URLSearchParams) => `/session?latency=${query.get('latency') ?? 0}`;
  const frameUrl = (query: URLSearchParams, frame = 'workspace') =>
    `${site.frameOrigin}/frames/${frame}?launch=page&amp;latency=${query.get('latency') ?? 0}`;
  const start = '<script>stopwatch.start();</script>';
  const element = `${stopwatch}<script src="/cdn/${CDN.classic}"></script>`;
  const hand = `${stopwatch}${byHand}`;
  // Without anything in the cache, the script takes its time, too.
  const file = (name: string, query: URLSearchParams) =>
    `/cdn/${name}?latency=${query.get('latency') ?? 0}`;
  const tag = (query: URLSearchParams) =>
    `${start}<meshes-workspace token-endpoint="${endpoint(query)}"></meshes-workspace>`;
  const run = (code: string) => `<script>${code}</script>`;
  /** When it is called. */
  const held = (code: string) => run(`function go() { ${code} }`);
  // In one task: a frame that spoke before it is listened to would be missed.
  const iframe = (src: string, code: string) =>
    `stopwatch.start();
    document.body.innerHTML = '<iframe src="${src}" title="Meshes workspace" style="width: 100%; border: 0"></iframe>';
    ${code}`;
  const elementGiven = (query: URLSearchParams) =>
    `stopwatch.start();
    const element = document.createElement('meshes-workspace');
    element.launchUrl = '${frameUrl(query).replace('&amp;', '&')}';
    element.sessionId = 'sess_page';
    element.sessionProvider = {mint: () => ({access_token: 'token', expires_in: 1800})};
    document.body.append(element);`;
  const handGiven = (query: URLSearchParams) => iframe(frameUrl(query), `byHand.given('token')`);

  const site: Site = await startSite({
    frames: {
      workspace: () => ({body: workspace!}),
      penpal: () => ({body: penpalFrame!}),
    },
    pages: {
      'element-mint': query => ({
        head: `${stopwatch}<script src="${file(CDN.classic, query)}"></script>`,
        body: tag(query),
      }),
      'element-unhinted': query => ({
        head: `${stopwatch}<script src="${file(VARIANTS.withoutHint, query)}"></script>`,
        body: tag(query),
      }),
      'element-late': query => ({
        head: stopwatch,
        body: `${tag(query)}<script src="${file(CDN.classic, query)}"></script>`,
      }),
      'element-async': query => ({
        head: `${stopwatch}<script async src="${file(CDN.classic, query)}"></script>`,
        body: tag(query),
      }),
      'element-module': query => ({
        head: `${stopwatch}<script type="module" src="${file(CDN.module, query)}"></script>`,
        body: tag(query),
      }),
      'element-modulepreload': query => ({
        head: `<link rel="modulepreload" href="${file(CDN.module, query)}">${stopwatch}<script type="module" src="${file(CDN.module, query)}"></script>`,
        body: tag(query),
      }),
      'element-preconnect': query => ({
        head: `<link rel="preconnect" href="${site.frameOrigin}">${stopwatch}<script src="${file(CDN.classic, query)}"></script>`,
        body: tag(query),
      }),
      'element-launch': query => ({
        head: element,
        body: `${start}<meshes-workspace launch-url="${frameUrl(query)}" session-id="sess_page" token-endpoint="${endpoint(query)}"></meshes-workspace>`,
      }),
      'element-given': query => ({head: element, body: run(elementGiven(query))}),
      'element-held': query => ({head: element, body: held(elementGiven(query))}),
      'element-unhinted-held': query => ({
        head: element.replace(CDN.classic, VARIANTS.withoutHint),
        body: held(elementGiven(query)),
      }),
      'element-at-once-held': query => ({
        head: element.replace(CDN.classic, VARIANTS.skeletonAtOnce),
        body: held(elementGiven(query)),
      }),
      'hand-mint': query => ({
        head: hand,
        body: `${start}${run(`byHand.mint('${endpoint(query)}')`)}`,
      }),
      'hand-launch': query => ({
        head: hand,
        body: run(iframe(frameUrl(query), `byHand.launch('${endpoint(query)}', 'sess_page')`)),
      }),
      'hand-given': query => ({head: hand, body: run(handGiven(query))}),
      'hand-held': query => ({head: hand, body: held(handGiven(query))}),
      'hand-window-held': query => ({
        head: hand,
        body: held(`${handGiven(query)}; void document.querySelector('iframe').contentWindow;`),
      }),
      'penpal-given': query => ({
        head: `${stopwatch}${penpalHost}`,
        body: run(iframe(frameUrl(query, 'penpal'), `penpalGiven('token')`)),
      }),
      'fetch-alone': query => ({
        head: stopwatch,
        body: run(
          `stopwatch.start();
          fetch('${endpoint(query)}', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})
            .then(response => response.json())
            .then(() => stopwatch.stop({spoke: 0, arrived: stopwatch.now()}));`,
        ),
      }),
    },
  });
  return site;
}

/** Loads a page, and closes it when it has reported. */
export async function load(
  browser: Browser,
  site: Site,
  name: string,
  query: Record<string, string | number> = {},
  options: {fresh?: boolean} = {},
): Promise<LoadReport> {
  const {id, arrives} = site.report<LoadReport>();
  const tab = await browser.open(site.pageUrl(name, {...query, report: id}), options);
  try {
    return await arrives;
  } finally {
    await tab.close();
  }
}

const toToken = ({started, arrived}: LoadReport) => arrived - started;

export async function measureFrame(browser: Browser): Promise<Section[]> {
  const site = await startFrameSite();
  // The frames share its process, as they do on a page that has been shown before: starting one takes longer than the rest.
  const {id, arrives} = site.report();
  const keeper = await browser.open(site.pageUrl('hand-given', {report: id}));
  try {
    await arrives;
    return [
      await timeToToken(browser, site),
      await handshake(browser, site),
      await mainThread(browser, site),
    ];
  } finally {
    await keeper.close();
    await site.close();
  }
}

async function timeToToken(browser: Browser, site: Site): Promise<Section> {
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const {latency, rounds} of LATENCIES) {
    const requests: Record<string, number[]> = {};
    const to = (name: string) => async () => {
      const report = await load(browser, site, name, {latency});
      if (report.requested !== null) {
        (requests[name] ??= []).push(report.requested - report.started);
      }
      return toToken(report);
    };
    const contenders = {
      elementMint: to('element-mint'),
      handMint: to('hand-mint'),
      fetchAlone: to('fetch-alone'),
      elementLaunch: to('element-launch'),
      handLaunch: to('hand-launch'),
      frameAlone: to('hand-given'),
    };
    for (const warmUp of Object.values(contenders)) await warmUp();
    const times = await interleave(contenders, rounds);
    const {elementMint, handMint, elementLaunch, handLaunch, fetchAlone, frameAlone} = times;
    const cases = [
      {
        name: 'token-endpoint',
        element: elementMint,
        hand: handMint,
        ideal: pairwise(fetchAlone, frameAlone, (a, b) => a + b),
      },
      {
        name: 'launch-url',
        element: elementLaunch,
        hand: handLaunch,
        ideal: pairwise(fetchAlone, frameAlone, Math.max),
      },
    ];
    if (latency === 0) {
      // Without what came of warming up.
      const begun = (name: string) => cells(spread(requests[name]!.slice(1)));
      rows.push(
        ['token-endpoint: the element’s request, ms', ...begun('element-mint')],
        ['token-endpoint: the request by hand, ms', ...begun('hand-mint')],
      );
    }
    for (const {name, element, hand, ideal} of cases) {
      const where = `${name}, ${latency} ms`;
      rows.push(
        [`${where}: the element, ms`, ...cells(spread(element))],
        [`${where}: by hand, ms`, ...cells(spread(hand))],
        [`${where}: ideal, ms`, ...cells(spread(ideal))],
        [`${where}: element / by hand`, ...cells(spread(ratios(element, hand)))],
        [`${where}: element / ideal`, ...cells(spread(ratios(element, ideal)))],
        [
          `${where}: element − by hand, ms`,
          ...cells(spread(pairwise(element, hand, (a, b) => a - b))),
        ],
      );
      goals.push(atMost(`${where}: element / by hand`, median(ratios(element, hand)), LIMIT));
      if (latency > 0) {
        goals.push(atMost(`${where}: element / ideal`, median(ratios(element, ideal)), LIMIT));
      }
    }
  }
  return {
    title: 'Time to a working frame',
    text: `From the tag in the document to the token’s arrival in the frame, with so much latency added to the answers for the token and for the frame’s document. The CDN file has been loaded before the tag. By hand is the code of the quickstart. The ideal is what browser and network take: the time of the token request alone and of a bare frame that is answered at once, added up for \`token-endpoint\`, the longer of the two for \`launch-url\`. Each load is a page of its own; the ways take turns, and the ratios and differences are of each round (${LATENCIES.map(({latency, rounds}) => `${rounds} at ${latency} ms`).join(', ')}). Host pages are on \`localhost\`, frames on \`127.0.0.1\`: other sites and other processes. Both are served by a server of the bench that speaks the protocol of the emulator and answers from memory.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals,
    after:
      'The first two lines are the part before the request: the element is created and looks at its settings. The rest is in [what the main thread does](#what-the-main-thread-does-meanwhile): script that runs for the first time, style and layout, which nothing hides where there is no latency. The skeleton comes after 0.2 s, so that painting and animating it takes no time from a frame that is there sooner. With `token-endpoint` the request goes out before the first render; a frame of `launch-url` comes after it. A place made by hand, to launch that frame ahead of the first render too, changed it by −5 to +6 ms from one run to the next, so there is none.',
  };
}

async function handshake(browser: Browser, site: Site): Promise<Section> {
  const loads: Record<string, LoadReport[]> = {};
  const to = (name: string) => async () => {
    const report = await load(browser, site, name);
    (loads[name] ??= []).push(report);
    return report.arrived - report.spoke;
  };
  const names = ['element-given', 'hand-given', 'penpal-given'];
  const contenders = Object.fromEntries(names.map(name => [name, to(name)]));
  for (const warmUp of Object.values(contenders)) await warmUp();
  for (const name of names) loads[name] = [];
  const spoken = await interleave(contenders, HANDSHAKE_ROUNDS);
  const whole = Object.fromEntries(names.map(name => [name, loads[name]!.map(toToken)]));
  const rows = (
    [
      ['From the frame’s first word', spoken],
      ['From the tag', whole],
    ] as const
  ).flatMap(([from, times]) => {
    const [element, hand, penpal] = names.map(name => times[name]!);
    return [
      [`${from}: the element, ms`, ...cells(spread(element!))],
      [`${from}: by hand, ms`, ...cells(spread(hand!))],
      [`${from}: penpal, ms`, ...cells(spread(penpal!))],
      [`${from}: element / by hand`, ...cells(spread(ratios(element!, hand!)))],
      [`${from}: element / penpal`, ...cells(spread(ratios(element!, penpal!)))],
    ];
  });
  const [element, , penpal] = names.map(name => spoken[name]!);
  return {
    title: 'Handshake',
    text: `The same without latency, with a token that the page has already, from the frame’s first word to the token’s arrival and from the tag on. penpal’s frame connects and then asks its page for the token by a call. ${HANDSHAKE_ROUNDS} rounds.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals: [atMost('handshake: element / penpal', median(ratios(element!, penpal!)), LIMIT)],
  };
}

const WORK = [
  ['script', 'ScriptDuration'],
  ['style', 'RecalcStyleDuration'],
  ['layout', 'LayoutDuration'],
  ['everything', 'TaskDuration'],
] as const;

/** Where the difference of the last two sections comes from. */
async function mainThread(browser: Browser, site: Site): Promise<Section> {
  const to = (name: string) => async () => {
    const {id, arrives} = site.report<LoadReport>();
    const tab = await browser.open(site.pageUrl(name, {report: id}));
    try {
      while (!(await tab.evaluate<boolean>("typeof go === 'function'")));
      await tab.send('Performance.enable');
      const before = await metrics(tab);
      await tab.evaluate('go()');
      const {started, spoke} = await arrives;
      const after = await metrics(tab);
      const work = WORK.map(([, key]) => 1_000 * (after[key]! - before[key]!));
      return [...work, spoke - started];
    } finally {
      await tab.close();
    }
  };
  const contenders = {
    'the element': to('element-held'),
    'the element, without its compile hint': to('element-unhinted-held'),
    'the element, its skeleton at once': to('element-at-once-held'),
    'by hand': to('hand-held'),
    'by hand, its window looked at at once': to('hand-window-held'),
  };
  for (const warmUp of Object.values(contenders)) await warmUp();
  const measured = await interleave(contenders, WORK_ROUNDS);
  const kinds = [...WORK.map(([what]) => what), 'until the frame’s first word'];
  const rows = kinds.flatMap((what, index) =>
    Object.entries(measured).map(([name, rounds]) => [
      `${what}: ${name}, ms`,
      ...cells(spread(rounds.map(values => values[index]!))),
    ]),
  );
  return {
    title: 'What the main thread does meanwhile',
    text: `The same pages, from the tag to the token’s arrival: how long the main thread of the host page was at work, and with what (\`ScriptDuration\`, \`RecalcStyleDuration\`, \`LayoutDuration\` and \`TaskDuration\` of the DevTools protocol). ${WORK_ROUNDS} rounds.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals: [],
    after:
      'This is what the element costs on a page where nothing of it has run yet: its code runs for the first time, and it renders and lays out a view, where the code by hand shows an empty frame. Most of its script’s time is Lit’s first render and putting the frame into the document. Without the first line of the CDN file, which asks for it to be [compiled while it is loaded](decisions/0015-compile-hint.md), compiling comes on top; and so does painting, where the [skeleton](decisions/0016-late-skeleton.md) shows at once. It is the same at every latency, and most of it passes while the frame loads. Whoever looks at the window of a frame that is new makes the browser set its empty document up for scripts; the element does so when the frame has spoken.',
  };
}
