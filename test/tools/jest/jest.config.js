module.exports = {
  testEnvironment: 'jsdom',
  setupFiles: ['<rootDir>/setup.js'],
  testMatch: ['**/*.jest.js'],
  transform: {
    '\\.js$': ['babel-jest', {presets: [['@babel/preset-env', {targets: {node: 'current'}}]]}],
  },
  // These packages are ES modules, which Jest transforms like your own code.
  transformIgnorePatterns: [
    '/node_modules/(?!(meshes-workspace|lit|lit-html|lit-element|@lit|@lit-labs|jose|zod)/)',
  ],
};
