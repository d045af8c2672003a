/** A sample with one broken rule fails a hostile case, and check-endpoint names what is wrong. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../../src/emulator/index.js';
import {checkQuickly, reportedIn} from '../../check-endpoint/support/check.js';
import {optionsOf} from '../../check-endpoint/support/sample-check.js';
import {findLanguage, type Language} from '../../support/languages.mjs';
import {copySample, SAMPLE_APPS, type SampleFolder, startControlled} from './sample-apps.js';
import {mutantsOf} from './sample-mutants.js';
import {
  resetWorld,
  sessionEndpointCases,
  startWorld,
  stopWorld,
  type World,
} from './session-endpoint.js';
import {forwardTo} from './stand-in-vendor.js';

export function describeBrokenSamples(language: Language): void {
  const app = SAMPLE_APPS.find(sample => sample.language === language);
  // A missing language is reported by the tests of the samples.
  if (!app || !findLanguage(language)) return;

  describe(`samples for ${language} with a broken rule`, {concurrency: 2}, () => {
    let emulator: Emulator;
    before(async () => (emulator = await createEmulator({port: 0})));
    after(() => emulator.close());

    for (const {name, change, caughtBy, reportedBy} of mutantsOf(app)) {
      // Both tests use the same application and the same stand-in for Meshes.
      describe(`a sample for ${language} ${name}`, {concurrency: 1}, () => {
        const world = {} as World;
        let folder: SampleFolder;
        before(async () => {
          folder = copySample(app, [change]);
          await startWorld(world, startControlled(app, folder), {slow: false});
        });
        after(async () => {
          await stopWorld(world);
          folder?.remove();
        });

        if (caughtBy !== undefined) {
          test(`a hostile case fails for a sample for ${language} ${name}: ${caughtBy}`, async () => {
            const cases = sessionEndpointCases(world, {parser: 'any'});
            const hostile = cases.find(candidate => candidate.name === caughtBy);
            assert.ok(hostile, 'There is no such case.');
            resetWorld(world);
            await assert.rejects(hostile.run(), assert.AssertionError);
          });
        }

        const ids = reportedBy.join(', ') || 'nothing, because it cannot see the rule';
        test(`check-endpoint reports a sample for ${language} ${name} by ${ids}`, async () => {
          world.vendor.answer(forwardTo(new URL(emulator.apiUrl).origin));
          const report = await checkQuickly(await optionsOf(app, world.endpoint.origin));
          assert.deepEqual(reportedIn(report), [...reportedBy]);
        });
      });
    }
  });
}
