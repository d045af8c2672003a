/** The applications in docs/backends answer the hostile cases as docs/backend-http.md specifies. */
import assert from 'node:assert/strict';
import {after, describe, test} from 'node:test';
import {findLanguage, missingLanguages} from '../support/languages.mjs';
import {describeDjangoCsrf} from './support/django-csrf.js';
import {copySample, SAMPLE_APPS, startControlled} from './support/sample-apps.js';
import {describeEdges, describeWithEmulator} from './support/sample-cases.js';
import {describeSessionEndpoint} from './support/session-endpoint.js';

const installed = SAMPLE_APPS.filter(({language}) => findLanguage(language));

for (const app of installed) {
  describe(`the sample for ${app.language}`, () => {
    const folder = copySample(app);
    after(folder.remove);
    describeSessionEndpoint('answers hostile cases', startControlled(app, folder), {parser: 'any'});
    describeEdges(app, folder);
    describeWithEmulator(app, folder);
  });
}

const django = installed.find(({language}) => language === 'Python with Django');
if (django) describeDjangoCsrf(django);

for (const missing of missingLanguages()) {
  test(missing, () => assert.ok(!process.env['CI'], missing));
}
