import type {Browser} from './chromium.js';
import {load, startFrameSite} from './frame.js';
import type {LoadReport} from './pages/stopwatch.js';
import {cells, type Section} from './report.js';
import {interleave, pairwise, spread} from './statistics.js';

const ROUNDS = 11;
const LATENCY = 50;
const CONNECTION = 100;

const fromNavigation = ({navigated, arrived}: LoadReport) => arrived - navigated;

/** What a page can do beside the tag, and whether it helps. */
export async function measureTried(browser: Browser): Promise<Section[]> {
  const site = await startFrameSite();
  const {id, arrives} = site.report();
  const keeper = await browser.open(site.pageUrl('hand-given', {report: id}));
  await arrives;
  const to = (name: string, query: Record<string, number>) => () =>
    load(browser, site, name, query, {fresh: true}).then(fromNavigation);
  const cold = {latency: LATENCY};
  const connected = {latency: LATENCY, connection: CONNECTION};
  const ways = {
    'by hand': to('hand-mint', cold),
    'classic script before the tag': to('element-mint', cold),
    'classic script before the tag, without its compile hint': to('element-unhinted', cold),
    'classic script after the tag': to('element-late', cold),
    'classic script with async': to('element-async', cold),
    'module script': to('element-module', cold),
    'module script with modulepreload': to('element-modulepreload', cold),
    'connection of 100 ms': to('element-mint', connected),
    'connection of 100 ms, preconnect': to('element-preconnect', connected),
  };
  try {
    const times = await interleave(ways, ROUNDS);
    const difference = (one: keyof typeof ways, other: keyof typeof ways) =>
      cells(spread(pairwise(times[one], times[other], (a, b) => a - b)));
    return [
      {
        title: 'What was tried',
        text: `From the navigation to the page to the token’s arrival in the frame, with nothing in the browser’s cache, and ${LATENCY} ms of latency for the script of the CDN, the token and the frame’s document. For the last two the first answer of each connection to the frame’s origin comes ${CONNECTION} ms later, as if it had to be set up over some distance; \`preconnect\` stands in the page’s \`<head>\`. ${ROUNDS} rounds; ms.`,
        head: ['', 'minimum', 'median', 'maximum'],
        rows: [
          ...Object.entries(times).map(([name, values]) => [name, ...cells(spread(values))]),
          [
            'preconnect − without',
            ...difference('connection of 100 ms, preconnect', 'connection of 100 ms'),
          ],
          [
            'modulepreload − without',
            ...difference('module script with modulepreload', 'module script'),
          ],
          [
            'compile hint − without',
            ...difference(
              'classic script before the tag',
              'classic script before the tag, without its compile hint',
            ),
          ],
          [
            'async − before the tag',
            ...difference('classic script with async', 'classic script before the tag'),
          ],
        ],
        goals: [],
        after:
          'Asking for the token ahead of the first render is in the element. The connection is a delay that the server makes, and stands for a network that was not there: `preconnect` can save no more than that delay. A difference whose minimum and maximum lie on both sides of 0 says little.',
      },
    ];
  } finally {
    await keeper.close();
    await site.close();
  }
}
