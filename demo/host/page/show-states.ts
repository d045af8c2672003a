/** Shows the state of each workspace above it. */
export const showStates = (): void => {
  document.addEventListener('meshes-state-change', ({target, detail: {state}}) => {
    const card = (target as Element).closest('.workspace-card');
    const badge = card?.querySelector<HTMLElement>('.badge');
    if (badge) badge.textContent = badge.dataset.state = state;
  });
};
