/** Without the test double: what the element itself does in jsdom. */
module.exports = {...require('./jest.config.js'), setupFiles: [], testMatch: ['**/*.bare.js']};
