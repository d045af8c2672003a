import type {CDPSession} from 'playwright';
import {count, type Figure} from '../figure.js';
import {leftOverOf, measureLeftOver} from './left-over.js';
import type {Site} from './site.js';
import {type Engine, playwrightTab, whereOf} from './tabs.js';

/** What kept workspaces leave behind, in Chromium: objects, tokens, and entries of the performance timeline. */
export async function measureKeeping(engine: Engine, site: Site): Promise<Figure[]> {
  return [await keeps(engine, site), ...(await signOut(engine, site))];
}

async function keeps(engine: Engine, site: Site, wanted = 1_000): Promise<Figure> {
  let requests = 0;
  const leaks = await measureLeftOver(engine, site, wanted, async (tab, count) => {
    const kept = await tab.call('keeps', {count});
    requests += kept.requests;
    return kept.elements;
  });
  const {reached, ok} = leftOverOf(wanted, leaks);
  return {
    number: 17,
    what: 'keeps and returns; token requests of all of them, and left over, by the DevTools protocol',
    where: whereOf(engine),
    wanted: '1,000, 0 token requests, 0 left over',
    reached: reached.replace(': ', `: ${requests} token requests, `),
    ok: ok && requests === 0,
  };
}

async function signOut(engine: Engine, site: Site): Promise<Figure[]> {
  const page = await engine.browser!.newPage();
  const cdp = await page.context().newCDPSession(page);
  const tab = playwrightTab(page);
  await tab.open(site.pageUrl());
  const kept = await tab.call('keepOne');
  const tokensKept = await tokensOnHeap(cdp, site);
  const left = await tab.call('signOut');
  const tokensLeft = await tokensOnHeap(cdp, site);
  const {entries, own, tokens, ids, seesPlanted} = await tab.call('timeline', {
    canary: site.canary,
  });
  await page.close();
  return [
    {
      number: 17,
      what: 'after a sign-out while a workspace is kept: its frame, and access tokens in the memory of the host page',
      where: whereOf(engine),
      wanted: '0 frames, 0 tokens',
      reached: `${left.frames} frames, ${tokensLeft} tokens (${kept.frames} and ${tokensKept} before)`,
      ok: left.frames === 0 && tokensLeft === 0 && kept.frames === 1 && tokensKept > 0,
    },
    {
      number: 17,
      what: 'token requests of a kept workspace whose frame asks for a token',
      where: whereOf(engine),
      wanted: '0',
      reached: String(kept.requests),
      ok: kept.requests === 0,
    },
    {
      number: 17,
      what: 'access tokens in the performance timeline; IDs and addresses in the element’s own entries',
      where: whereOf(engine),
      wanted: '0 and 0',
      reached: `${tokens} in ${count(entries)} entries, ${ids} in ${own}`,
      ok: tokens === 0 && ids === 0 && own > 0 && seesPlanted,
    },
  ];
}

/** Access tokens in a heap snapshot, for which the engine collects garbage first. */
async function tokensOnHeap(cdp: CDPSession, {canary}: Site): Promise<number> {
  const chunks: string[] = [];
  const add = ({chunk}: {chunk: string}) => void chunks.push(chunk);
  cdp.on('HeapProfiler.addHeapSnapshotChunk', add);
  await cdp.send('HeapProfiler.takeHeapSnapshot');
  cdp.off('HeapProfiler.addHeapSnapshotChunk', add);
  return chunks.join('').split(canary).length - 1;
}
