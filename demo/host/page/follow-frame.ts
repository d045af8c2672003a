import type {LaunchPage, MeshesWorkspaceElement} from 'meshes-workspace';

const LAUNCH_PAGES: readonly LaunchPage[] = ['dashboard', 'connections', 'rules', 'events'];

/** Keeps the page of the frame in the address of this page: a reload and a link open it again. */
export const followFrame = (workspace: MeshesWorkspaceElement): void => {
  workspace.addEventListener('meshes-navigate', ({detail: {path}}) => {
    // "/workspace/events/42" is part of "events"; what has no launch page begins at the dashboard.
    const page = LAUNCH_PAGES.find(name => name === path?.split('/')[2]);
    const url = new URL(location.href);
    if (page) url.searchParams.set('page', page);
    else url.searchParams.delete('page');
    // The frame has added to the history itself: a second entry would take Back two clicks.
    history.replaceState(null, '', url);
  });
};
