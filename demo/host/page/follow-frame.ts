import type {MeshesWorkspaceElement} from 'meshes-workspace';

/** Keeps the page of the frame in the address of this page: a reload and a link open it again. */
export const followFrame = (workspace: MeshesWorkspaceElement): void => {
  workspace.addEventListener('meshes-navigate', ({detail: {page}}) => {
    const url = new URL(location.href);
    if (page) url.searchParams.set('page', page);
    else url.searchParams.delete('page');
    // The frame has added to the history itself: a second entry would take Back two clicks.
    history.replaceState(null, '', url);
  });
};
