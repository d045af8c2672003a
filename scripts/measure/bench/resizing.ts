import type {Browser} from './chromium.js';
import type {ResizingCounts} from './pages/resizing-host.js';
import {atMost, cells, type Section} from './report.js';
import {CDN, script, type Site, startSite} from './site.js';
import {interleave, spread} from './statistics.js';

const ROUNDS = 5;

interface Counted extends ResizingCounts {
  layouts: number;
  styles: number;
}

const WAYS = [
  {name: '1,000 messages in a burst: the element', page: 'element', how: 'burst'},
  {name: '1,000 messages in a burst: by hand', page: 'byHand', how: 'burst'},
  {name: '1,000 steps of the content: the element', page: 'element', how: 'content'},
  {name: '1,000 steps of the content: by hand', page: 'byHand', how: 'content'},
  {name: '1,000 steps of the content: iframe-resizer', page: 'iframeResizer', how: 'content'},
] as const;

/** Style writes and layouts of the page while the content of a frame changes. */
export async function measureResizing(browser: Browser): Promise<Section[]> {
  const site = await startResizingSite();
  const counted = new Map<string, Counted[]>();
  const contenders = Object.fromEntries(
    WAYS.map(({name, page, how}) => [
      name,
      async () => {
        const counts = await count(browser, site, page, how);
        counted.set(name, [...(counted.get(name) ?? []), counts]);
        return counts.writes;
      },
    ]),
  );
  try {
    await interleave(contenders, ROUNDS);
  } finally {
    await site.close();
  }
  const rows = WAYS.flatMap(({name}) => {
    const counts = counted.get(name)!;
    const row = (what: string, values: number[]) => [`${name}, ${what}`, ...cells(spread(values))];
    return [
      row(
        'style writes',
        counts.map(({writes}) => writes),
      ),
      row(
        'most style writes in one animation frame',
        counts.map(({mostInOneFrame}) => mostInOneFrame),
      ),
      row(
        'layouts for each animation frame with a write',
        counts.map(({layouts, frames}) => layouts / frames),
      ),
      row(
        'recalculations of style for each of them',
        counts.map(({styles, frames}) => styles / frames),
      ),
    ];
  });
  const most = (page: string, value: (counts: Counted) => number) =>
    Math.max(
      ...WAYS.filter(way => way.page === page).flatMap(({name}) => counted.get(name)!.map(value)),
    );
  return [
    {
      title: 'Resizing',
      text: `A frame of 1,500 px gets smaller by 1,000 px: told by 1,000 \`meshes:resize\` in one task, or with its content in 1,000 steps, ten in each animation frame, as its own observer tells it. Style writes are counted by a MutationObserver on the iframe, layouts and recalculations of style by the DevTools protocol (\`LayoutCount\`, \`RecalcStyleCount\`). ${ROUNDS} rounds.`,
      head: ['', 'minimum', 'median', 'maximum'],
      rows,
      goals: [
        atMost(
          'the element: most style writes in one animation frame',
          most('element', ({mostInOneFrame}) => mostInOneFrame),
          1,
        ),
        atMost(
          'the element: layouts for each animation frame with a write',
          most('element', ({layouts, frames}) => layouts / frames),
          1,
        ),
      ],
    },
  ];
}

async function startResizingSite(): Promise<Site> {
  const [stopwatch, byHand, host, frame, resizerHost, resizerFrame] = await Promise.all(
    [
      'pages/stopwatch.ts',
      'pages/by-hand.ts',
      'pages/resizing-host.ts',
      'pages/resizing-frame.ts',
      'competitors/iframe-resizer-host.ts',
      'competitors/iframe-resizer-frame.ts',
    ].map(file => script(file)),
  );
  const iframe = (query = '') =>
    `<iframe src="${site.frameOrigin}/frames/workspace${query}" style="width: 100%; border: 0"></iframe>`;
  // In one task: a frame that spoke before it is listened to would be missed.
  const run = (tag: string, code: string) =>
    `<script>document.body.innerHTML = '${tag}'; ${code}</script>`;
  const site: Site = await startSite({
    frames: {
      workspace: query => ({body: `${frame}${query.has('silent') ? resizerFrame : ''}`}),
    },
    pages: {
      element: () => ({
        head: `${stopwatch}${host}<script src="/cdn/${CDN.classic}"></script>`,
        body: '<meshes-workspace min-height="100" token-endpoint="/session"></meshes-workspace>',
      }),
      byHand: () => ({
        head: `${stopwatch}${host}${byHand}`,
        body: run(iframe(), `byHand.given('token')`),
      }),
      iframeResizer: () => ({
        head: `${stopwatch}${host}${resizerHost}`,
        body: run(
          iframe('?silent'),
          'sizeByIframeResizer(() => stopwatch.stop({spoke: 0, arrived: 0}))',
        ),
      }),
    },
  });
  return site;
}

async function count(browser: Browser, site: Site, page: string, how: string): Promise<Counted> {
  const {id, arrives} = site.report();
  const tab = await browser.open(site.pageUrl(page, {report: id}));
  try {
    await arrives;
    await tab.send('Performance.enable');
    await tab.evaluate('untilHeight(1500)');
    const before = await metrics(tab);
    const counts = await tab.evaluate<ResizingCounts>(`countResizing('${how}')`);
    const after = await metrics(tab);
    if (counts.height !== 500)
      throw new Error(
        `${page}, ${how}: the frame is ${counts.height} px high. ${JSON.stringify(counts)}`,
      );
    return {
      ...counts,
      layouts: after.LayoutCount! - before.LayoutCount!,
      styles: after.RecalcStyleCount! - before.RecalcStyleCount!,
    };
  } finally {
    await tab.close();
  }
}

/** What the DevTools protocol counts of a page. */
export async function metrics(
  tab: Awaited<ReturnType<Browser['open']>>,
): Promise<Partial<Record<string, number>>> {
  const {metrics: list} = (await tab.send('Performance.getMetrics')) as {
    metrics: {name: string; value: number}[];
  };
  return Object.fromEntries(list.map(({name, value}) => [name, value]));
}
