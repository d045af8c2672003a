/** One view replaces another, and nothing on the page moves: measured in each frame, and by the browser where it does so itself. */
import {expect} from '@open-wc/testing';
import {MeshesError} from '../../src/element/index.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

afterEach(cleanUp);

const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve));
const mint = () => sessionAnswer();
const refuse = (code: 'session_revoked' | 'endpoint_server' | 'endpoint_forbidden') => () =>
  Promise.reject(new MeshesError(code, 'refresh', 'Refused.'));

/** Layout shifts since it was asked for. Chromium alone measures them. */
function watchShifts(): () => number {
  if (!PerformanceObserver.supportedEntryTypes.includes('layout-shift')) return () => 0;
  let shifts = 0;
  const count = (entries: PerformanceEntryList) => (shifts += entries.length);
  const observer = new PerformanceObserver(list => count(list.getEntries()));
  observer.observe({type: 'layout-shift'});
  return () => {
    count(observer.takeRecords());
    observer.disconnect();
    return shifts;
  };
}

/** A workspace with something below it, and where both were in each frame, by state. */
function onPage(properties: Parameters<typeof createWorkspace>[0]) {
  const page = document.createElement('div');
  const below = document.createElement('p');
  below.textContent = 'What follows';
  document.body.append(page);
  const workspace = createWorkspace(properties, {parent: page});
  page.append(below);
  const shifts = watchShifts();
  const places = new Map<string, Set<string>>();
  const note = () => {
    const {x, y, width, height} = workspace.element.getBoundingClientRect();
    const place = [x, y, width, height, below.getBoundingClientRect().y].join(' ');
    const {state} = workspace.element;
    places.set(state, (places.get(state) ?? new Set()).add(place));
  };
  const sample = () => {
    note();
    request = requestAnimationFrame(sample);
  };
  let request = requestAnimationFrame(sample);
  return {
    workspace,
    /** Looks at the view that is there now until it has been drawn. */
    settle: async () => {
      await workspace.element.updateComplete;
      await nextFrame();
      await nextFrame();
    },
    /** The states that were seen, and all places that were. */
    end: () => {
      cancelAnimationFrame(request);
      page.remove();
      const all = new Set([...places.values()].flatMap(set => [...set]));
      return {states: [...places.keys()], places: [...all], shifts: shifts()};
    },
  };
}

const reach = async (state: string, {workspace, settle}: ReturnType<typeof onPage>) => {
  await workspace.reaches(state);
  await settle();
};

const resized = async (workspace: Workspace, height: number) => {
  workspace.say({type: 'meshes:resize', height});
  await workspace.event('meshes-resize', workspace.events.length);
};

describe('content below the workspace', () => {
  for (const fit of ['content', 'fill'] as const) {
    it(`keeps the place of content below the workspace from loading to ready, to expired and back: ${fit}`, async () => {
      let answer: () => ReturnType<typeof mint> | Promise<never> = () => new Promise(() => {});
      const page = onPage({
        fit,
        sessionProvider: {mint: () => answer(), refresh: refuse('session_revoked')},
      });
      const {workspace, settle} = page;
      await reach('minting', page);
      answer = mint;
      workspace.element.reload().catch(() => {});
      await reach('ready', page);
      workspace.element.refresh().catch(() => {});
      await reach('expired', page);
      workspace.button()!.click();
      await reach('ready', page);
      answer = refuse('endpoint_forbidden');
      workspace.element.reload().catch(() => {});
      await reach('failed', page);
      answer = mint;
      workspace.button()!.click();
      await reach('ready', page);
      await settle();

      const {states, places, shifts} = page.end();
      expect(states).to.include.members(['minting', 'ready', 'expired', 'failed']);
      expect(places).to.have.length(1);
      expect(shifts).to.equal(0);
    });
  }

  it('keeps the place of content below a grown frame during a failure and recovery', async () => {
    let refresh: () => unknown = refuse('endpoint_server');
    const page = onPage({sessionProvider: {mint, refresh: () => refresh() as never}});
    const {workspace} = page;
    await workspace.hears(1);
    await resized(workspace, 700);
    await page.settle();
    const {height} = workspace.element.getBoundingClientRect();
    expect(height).to.equal(700);
    const calm = watchShifts();
    workspace.element.refresh().catch(() => {});
    await reach('reconnecting', page);
    refresh = refuse('session_revoked');
    workspace.element.refresh().catch(() => {});
    await reach('expired', page);
    expect(workspace.element.getBoundingClientRect().height).to.equal(700);
    refresh = () => ({access_token: 'token-2', expires_in: 1800});
    await workspace.element.refresh();
    await reach('ready', page);
    expect(workspace.element.getBoundingClientRect().height).to.equal(700);
    expect(calm()).to.equal(0);
    page.end();
  });
});
