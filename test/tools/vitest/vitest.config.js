import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.vitest.js'],
    // Vite then resolves the package, and not Node: with other conditions.
    server: {deps: {inline: process.env.INLINE ? [/meshes-workspace/, /lit/] : []}},
  },
});
