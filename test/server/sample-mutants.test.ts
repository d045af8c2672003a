/** A sample with one broken rule fails a named hostile case. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {findLanguage} from '../support/languages.mjs';
import {copySample, SAMPLE_APPS, startControlled} from './support/sample-apps.js';
import {mutantsOf} from './support/sample-mutants.js';
import {
  resetWorld,
  sessionEndpointCases,
  startWorld,
  stopWorld,
  type World,
} from './support/session-endpoint.js';

for (const app of SAMPLE_APPS.filter(({language}) => findLanguage(language))) {
  describe(`the hostile cases notice a sample for ${app.language}`, {concurrency: 2}, () => {
    for (const {name, change, caughtBy} of mutantsOf(app)) {
      test(`a hostile case fails for a sample ${name}: ${caughtBy}`, async () => {
        const world = {} as World;
        const hostile = sessionEndpointCases(world, {parser: 'any'}).find(
          candidate => candidate.name === caughtBy,
        );
        assert.ok(hostile, 'There is no such case.');
        const folder = copySample(app, [change]);
        try {
          await startWorld(world, startControlled(app, folder), {slow: false});
          resetWorld(world);
          await assert.rejects(hostile.run(), assert.AssertionError);
        } finally {
          await stopWorld(world);
          folder.remove();
        }
      });
    }
  });
}
