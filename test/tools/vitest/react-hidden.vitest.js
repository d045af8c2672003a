/** The component for React while React hides it: listeners are attached to the element, which stays in the page. */
import {Activity, act, createElement, StrictMode, Suspense, use} from 'react';
import {createRoot} from 'react-dom/client';
import {MeshesWorkspace} from 'meshes-workspace/react';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';

let root;
let container;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  container = document.body.appendChild(document.createElement('div'));
  root = createRoot(container);
});
afterEach(async () => {
  await act(() => root.unmount());
  container.remove();
});

const render = element => act(() => root.render(element));
const inActivity = (mode, props) =>
  createElement(Activity, {mode}, createElement(MeshesWorkspace, props));
const elementOf = () => container.querySelector('meshes-workspace');
const navigate = (element, path) =>
  element.dispatchEvent(new CustomEvent('meshes-navigate', {detail: {path}, bubbles: true}));

test('a component hidden by Activity keeps its element, and receives its events once', async () => {
  const paths = [];
  const onNavigate = event => paths.push(event.detail.path);
  await render(inActivity('visible', {onNavigate}));
  const element = elementOf();
  for (const mode of ['hidden', 'visible', 'hidden']) {
    await render(inActivity(mode, {onNavigate}));
    expect(elementOf()).toBe(element);
    navigate(element, mode);
  }
  expect(paths).toEqual(['hidden', 'visible', 'hidden']);
});

test('a hidden component calls the callback of the latest render', async () => {
  const paths = [];
  await render(inActivity('visible', {onNavigate: () => paths.push('first')}));
  await render(inActivity('hidden', {onNavigate: () => paths.push('second')}));
  navigate(elementOf(), '/');
  await render(inActivity('hidden', {onNavigate: () => paths.push('third')}));
  navigate(elementOf(), '/');
  await render(inActivity('hidden', {}));
  navigate(elementOf(), '/');
  expect(paths).toEqual(['second', 'third']);
});

test('a component that is unmounted while it is hidden receives no more events', async () => {
  const paths = [];
  const props = {onNavigate: event => paths.push(event.detail.path)};
  await render(inActivity('visible', props));
  const element = elementOf();
  await render(inActivity('hidden', props));
  await render(null);
  navigate(element, '/rules');
  expect(paths).toEqual([]);
});

test('a component that starts hidden asks for nothing until it is shown, and then receives events', async () => {
  const paths = [];
  const props = {onNavigate: event => paths.push(event.detail.path)};
  await render(inActivity('hidden', props));
  expect(elementOf().deferHydration).toBe(true);
  await render(inActivity('visible', props));
  expect(elementOf().deferHydration).toBe(false);
  navigate(elementOf(), '/rules');
  expect(paths).toEqual(['/rules']);
});

test('a component in a boundary that suspends again receives its events', async () => {
  const paths = [];
  const Content = ({promise}) => promise && use(promise);
  const page = promise =>
    createElement(
      Suspense,
      {fallback: 'One moment'},
      createElement(MeshesWorkspace, {onNavigate: event => paths.push(event.detail.path)}),
      createElement(Content, {promise}),
    );
  await render(page(null));
  const element = elementOf();
  await render(page(new Promise(() => {})));
  expect(container.textContent).toContain('One moment');
  navigate(element, '/rules');
  await render(page(null));
  expect(elementOf()).toBe(element);
  navigate(element, '/events');
  expect(paths).toEqual(['/rules', '/events']);
});

test('a component in StrictMode receives each event once, and none after it is unmounted', async () => {
  const paths = [];
  const props = {onNavigate: event => paths.push(event.detail.path)};
  await render(createElement(StrictMode, null, inActivity('visible', props)));
  const element = elementOf();
  navigate(element, '/rules');
  await render(null);
  navigate(element, '/events');
  expect(paths).toEqual(['/rules']);
});
