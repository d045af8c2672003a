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
const LISTENERS = 'unmounting takes its listeners';

export const APPS: readonly App[] = [
  {folder: 'html', title: 'HTML, classic script', extras: [KEPT_ALIVE]},
  {
    folder: 'html',
    title: 'HTML, module script',
    documented: '/module.html',
    controls: '/checks/module.html',
    extras: [KEPT_ALIVE],
  },
  {folder: 'vue', title: 'Vue 3.5', extras: [KEPT_ALIVE]},
  {folder: 'svelte', title: 'Svelte 5.57'},
  {folder: 'react-19', title: 'React 19.3', extras: [LISTENERS]},
  {folder: 'react-18', title: 'React 18.3', extras: [LISTENERS]},
  {folder: 'preact', title: 'Preact 11'},
  {folder: 'solid', title: 'Solid 1.9'},
];
