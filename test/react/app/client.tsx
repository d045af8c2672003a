import {StrictMode, useSyncExternalStore, type RefObject} from 'react';
import {createRoot, hydrateRoot, type Root} from 'react-dom/client';
import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {initial, type Control, type LogEntry, type Settings} from '../control.js';
import {Page} from './page.js';

const log: LogEntry[] = [];
let settings: Settings = initial;
let changed = () => {};
let root: Root | undefined;
let workspace: RefObject<MeshesWorkspaceElement | null>;
let refAtMount = false;

const subscribe = (listener: () => void) => {
  changed = listener;
  return () => {};
};
const onEvent = (callback: string, render: number, {detail}: CustomEvent) => {
  log.push({callback, render, detail: {...(detail as object)}});
};
const onMount = (ref: RefObject<MeshesWorkspaceElement | null>) => {
  workspace = ref;
  refAtMount = typeof ref.current?.refresh === 'function';
};

function App() {
  const current = useSyncExternalStore(
    subscribe,
    () => settings,
    () => settings,
  );
  return <Page settings={current} onEvent={onEvent} onMount={onMount} />;
}

const control: Control = {
  log,
  start(how, first) {
    settings = first;
    const container = document.querySelector('#root')!;
    const app = (
      <StrictMode>
        <App />
      </StrictMode>
    );
    if (how === 'hydrate') root = hydrateRoot(container, app);
    else (root = createRoot(container)).render(app);
  },
  update(changes) {
    settings = {...settings, ...changes};
    changed();
  },
  unmount: () => root?.unmount(),
  call: method => workspace.current![method](),
  get refAtMount() {
    return refAtMount;
  },
};
window.control = control;
