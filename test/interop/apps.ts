/** The applications, each in a folder beside this file. */
export interface App {
  folder: string;
  title: string;
  /** The page of the documentation. Default `/`. */
  documented?: string;
  /** The page with the buttons of `checks.ts`. Default `/checks/`. */
  controls?: string;
  /** Names of checks in `EXTRAS`, which not every application can pass. */
  extras?: readonly string[];
}

const KEPT_ALIVE = 'kept alive, the same element comes back with a new session';

export const APPS: readonly App[] = [
  {folder: 'html', title: 'HTML, classic script', extras: [KEPT_ALIVE]},
  {
    folder: 'html',
    title: 'HTML, module script',
    documented: '/module.html',
    controls: '/checks/module.html',
    extras: [KEPT_ALIVE],
  },
];
