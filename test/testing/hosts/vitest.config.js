export default {
  test: {
    include: ['*.vitest.ts', '.samples/*.test.ts'],
    setupFiles: ['./.samples/setup.ts'],
  },
};
