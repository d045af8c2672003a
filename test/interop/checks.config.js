/**
 * For Vite: the pages in `checks/` of an application, and `checks/server.*`, which renders the first one.
 *
 * @param {object} config the application's own
 * @param {readonly string[]} pages
 */
export const checks =
  (config, pages = ['index.html']) =>
  ({isSsrBuild}) => ({
    ...config,
    root: 'checks',
    base: '/checks/',
    logLevel: 'warn',
    build: {
      outDir: isSsrBuild ? '../node_modules/.server' : '../node_modules/.built/checks',
      emptyOutDir: true,
      rollupOptions: isSsrBuild
        ? {output: {entryFileNames: '[name].mjs'}}
        : {input: pages.map(page => `checks/${page}`)},
    },
  });
