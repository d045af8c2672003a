import {readFileSync} from 'node:fs';
import {defineConfig} from 'vitest/config';

const README = new URL('../../../README.md', import.meta.url);

/** The sample "In a script" of the README as a module. */
const readmeScript = {
  name: 'readme-script',
  resolveId: id => (id === 'virtual:readme-script' ? '/readme-script.ts' : null),
  load(id) {
    if (id !== '/readme-script.ts') return null;
    return /^### In a script\n.*?^```\w+\n(.*?)^```$/ms.exec(readFileSync(README, 'utf8'))[1];
  },
};

export default defineConfig({
  plugins: [readmeScript],
  test: {
    include: ['*.vitest.js'],
    // Vite then resolves the package, and not Node: with other conditions.
    server: {deps: {inline: process.env.INLINE ? [/meshes-workspace/, /lit/] : []}},
  },
});
