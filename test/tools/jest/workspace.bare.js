import {act, createElement, createRef} from 'react';
import {createRoot} from 'react-dom/client';
import {isMeshesError} from 'meshes-workspace';
import {MeshesWorkspace} from 'meshes-workspace/react';

beforeEach(() => {
  globalThis.fetch = jest.fn(() => Promise.reject(new Error('No request is expected.')));
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  jest.spyOn(console, 'warn').mockImplementation(() => {});
});

async function expectIdle(workspace) {
  await new Promise(resolve => setTimeout(resolve));
  expect(workspace.state).toBe('idle');
  const error = await workspace.whenReady().catch(reason => reason);
  expect(isMeshesError(error)).toBe(true);
  expect(error.message).toMatch(/jsdom and happy-dom.* use meshes-workspace\/testing/);
  expect(fetch).not.toHaveBeenCalled();
}

test('the element in HTML stays idle and sends nothing', async () => {
  document.body.innerHTML = '<meshes-workspace token-endpoint="/session"></meshes-workspace>';
  await expectIdle(document.body.firstElementChild);
});

test('the component for React renders and unmounts', async () => {
  const root = createRoot(document.body);
  const ref = createRef();
  await act(() => root.render(createElement(MeshesWorkspace, {ref, tokenEndpoint: '/session'})));
  await expectIdle(ref.current);
  await act(() => root.unmount());
  expect(document.body.innerHTML).toBe('');
});
