/** The applications, each in a folder beside this file. Several may share a folder, and so an install. */
export interface App {
  folder: string;
  title: string;
  /** The page below docs/frameworks that shows it. */
  guide: string;
  /** The page of the documentation. Default `/`. */
  documented?: string;
  /** The page with the buttons of `checks.ts`. Default `/checks/`. */
  controls?: string;
  /** The same page, where a server has rendered it. */
  rendered?: string;
  /** Its own server, as a script in the folder that listens on `PORT`. Else its pages are files. */
  server?: readonly string[];
  /** The page with two routes, where the recipe of docs/performance.md keeps the workspace. */
  kept?: string;
  /** Names of checks in `EXTRAS`, which not every framework lets an application pass. */
  extras?: readonly string[];
}

const KEPT_ALIVE = 'kept alive, the same element comes back with a new session';
const LISTENERS = 'unmounting takes its listeners';
const RENDERED = '/checks/rendered.html';
const KEPT = '/checks/?keep';

export const APPS: readonly App[] = [
  {folder: 'html', title: 'HTML, classic script', guide: 'html', extras: [KEPT_ALIVE]},
  {
    folder: 'html',
    title: 'HTML, module script',
    guide: 'html',
    documented: '/module.html',
    controls: '/checks/module.html',
    extras: [KEPT_ALIVE],
  },
  {
    folder: 'vue',
    title: 'Vue 3.5',
    guide: 'vue',
    rendered: RENDERED,
    kept: KEPT,
    extras: [KEPT_ALIVE],
  },
  {
    folder: 'nuxt',
    title: 'Nuxt 4',
    guide: 'nuxt',
    controls: '/checks',
    rendered: '/checks',
    server: ['.output/server/index.mjs'],
    extras: [KEPT_ALIVE],
  },
  {
    folder: 'react-19',
    title: 'React 19',
    guide: 'react',
    rendered: RENDERED,
    kept: KEPT,
    extras: [LISTENERS],
  },
  {
    folder: 'react-19',
    title: 'React 19, the tag itself',
    guide: 'react',
    documented: '/tag/',
    controls: '/checks/tag.html',
  },
  {
    folder: 'react-18',
    title: 'React 18',
    guide: 'react',
    rendered: RENDERED,
    kept: KEPT,
    extras: [LISTENERS],
  },
  {
    folder: 'next',
    title: 'Next 16',
    guide: 'next',
    controls: '/checks',
    rendered: '/checks',
    server: ['node_modules/next/dist/bin/next', 'start'],
    extras: [LISTENERS],
  },
  {folder: 'angular', title: 'Angular 22', guide: 'angular', rendered: '/rendered/', kept: KEPT},
  {folder: 'svelte', title: 'Svelte 5', guide: 'svelte', rendered: RENDERED, kept: KEPT},
  {
    folder: 'sveltekit',
    title: 'SvelteKit 3',
    guide: 'sveltekit',
    controls: '/checks',
    rendered: '/checks',
    kept: '/checks/kept',
    server: ['build/index.js'],
  },
  {folder: 'preact', title: 'Preact 11', guide: 'preact', rendered: RENDERED, kept: KEPT},
  {folder: 'solid', title: 'Solid 1.9', guide: 'solid', rendered: RENDERED, kept: KEPT},
  {folder: 'astro', title: 'Astro 7', guide: 'astro', rendered: '/checks/', extras: [KEPT_ALIVE]},
];
