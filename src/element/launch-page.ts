/** The pages of a workspace on which a session can start. */
export const LAUNCH_PAGES = ['dashboard', 'connections', 'rules', 'events'] as const;
export type LaunchPage = (typeof LAUNCH_PAGES)[number];

/** The page on which a session starts, unless the host page or its backend names another one. */
export const FIRST_PAGE = 'dashboard';

export function isLaunchPage(text: string | null): text is LaunchPage {
  return (LAUNCH_PAGES as readonly (string | null)[]).includes(text);
}

/**
 * Returns the launchable page that contains a path inside the workspace: `/workspace/rules/7` is in `rules`.
 *
 * @param path such as `path` of a `meshes-navigate` event
 * @returns null if no launchable page contains the path
 */
export function launchPageOf(path: string | null): LaunchPage | null {
  const segments = path?.split(/[?#]/)[0]!.split('/') ?? [];
  return LAUNCH_PAGES.find(page => segments.includes(page)) ?? null;
}
