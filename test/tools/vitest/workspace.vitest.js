/** What a host application's component tests see of the element in a DOM that is no browser. */
import {act, createElement, createRef} from 'react';
import {createRoot} from 'react-dom/client';
import {isMeshesError} from 'meshes-workspace';
import {MeshesWorkspace} from 'meshes-workspace/react';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';

const ADVICE = /jsdom and happy-dom.* use meshes-workspace\/testing/;
let warn;

beforeEach(() => {
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.reject(new Error('No request is expected.'))),
  );
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  warn ??= vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  document.body.innerHTML = '';
});

/** Lets the element do what it would do: microtasks, and what waits for a timer of 0 ms. */
const settled = () => new Promise(resolve => setTimeout(resolve));

async function expectIdle(workspace) {
  await settled();
  expect(workspace.state).toBe('idle');
  expect(fetch).not.toHaveBeenCalled();
  expect(workspace.shadowRoot?.querySelector('iframe') ?? null).toBe(null);
  for (const method of ['whenReady', 'reload']) {
    const error = await workspace[method]().catch(reason => reason);
    expect(isMeshesError(error)).toBe(true);
    expect(error.message).toMatch(ADVICE);
  }
  const error = await workspace.refresh().catch(reason => reason);
  expect(isMeshesError(error)).toBe(true);
  expect(workspace.state).toBe('idle');
  expect(fetch).not.toHaveBeenCalled();
}

test('the element in HTML stays idle, sends nothing, and says why', async () => {
  const changes = [];
  document.body.addEventListener('meshes-state-change', event => changes.push(event.detail));
  document.body.innerHTML =
    '<meshes-workspace token-endpoint="/session" debug><p slot="loading">One moment</p></meshes-workspace>';
  await expectIdle(document.body.firstElementChild);
  expect(changes).toEqual([]);
});

test('an element that a script creates, sets up, moves, focuses, and removes does not throw', async () => {
  const workspace = document.createElement('meshes-workspace');
  workspace.launchUrl = 'https://embed.meshes.io/workspace/dashboard?launch=1';
  workspace.requestHeaders = () => ({authorization: 'x'});
  const [first, second] = [document.createElement('div'), document.createElement('div')];
  document.body.append(first, second);
  first.append(workspace);
  await expectIdle(workspace);
  second.append(workspace);
  workspace.fit = 'fill';
  workspace.loading = 'lazy';
  workspace.focus();
  await expectIdle(workspace);
  workspace.remove();
  await settled();
});

test('the component for React renders, updates, and unmounts', async () => {
  const container = document.body.appendChild(document.createElement('div'));
  const root = createRoot(container);
  const ref = createRef();
  for (const tokenEndpoint of ['/one', '/two']) {
    await act(() =>
      root.render(
        createElement(MeshesWorkspace, {ref, tokenEndpoint, onStateChange: () => {}, id: 'x'}),
      ),
    );
    await expectIdle(ref.current);
  }
  const received = [];
  await act(() =>
    root.render(
      createElement(MeshesWorkspace, {ref, onNavigate: event => received.push(event.detail.path)}),
    ),
  );
  ref.current.dispatchEvent(new CustomEvent('meshes-navigate', {detail: {path: '/rules'}}));
  expect(received).toEqual(['/rules']);
  await act(() => root.unmount());
  expect(container.innerHTML).toBe('');
});

test('one line in the console says why the element does nothing', () => {
  const lines = warn.mock.calls.map(call => call.join(' ')).filter(line => ADVICE.test(line));
  expect(lines).toHaveLength(1);
});
