/** The component for React with the test double. */
import {act, createElement} from 'react';
import {createRoot} from 'react-dom/client';
import {expect, test, vi} from 'vitest';
import {MeshesWorkspace} from 'meshes-workspace/react';
import {goTo} from 'meshes-workspace/testing';

test('calls the callbacks of the component for React', async () => {
  Object.assign(globalThis, {IS_REACT_ACT_ENVIRONMENT: true});
  const container = document.createElement('div');
  document.body.append(container);
  const onReady = vi.fn();
  const onError = vi.fn();
  const root = createRoot(container);
  await act(() =>
    root.render(
      createElement(MeshesWorkspace, {tokenEndpoint: '/api/meshes/session', onReady, onError}),
    ),
  );
  expect(onReady).toHaveBeenCalledOnce();
  await act(() => goTo(container.querySelector('meshes-workspace')!, 'failed'));
  expect(onError).toHaveBeenCalledOnce();
  await act(() => root.unmount());
});
