/** The applications in docs/backends answer the hostile cases as docs/backend-http.md specifies. */
import {after, describe} from 'node:test';
import {findLanguage} from '../support/languages.mjs';
import {copySample, SAMPLE_APPS, startControlled} from './support/sample-apps.js';
import {describeEdges, describeWithEmulator} from './support/sample-cases.js';
import {describeSessionEndpoint} from './support/session-endpoint.js';

for (const app of SAMPLE_APPS.filter(({language}) => findLanguage(language))) {
  describe(`the sample for ${app.language}`, () => {
    const folder = copySample(app);
    after(folder.remove);
    describeSessionEndpoint('answers hostile cases', startControlled(app, folder), {parser: 'any'});
    describeEdges(app, folder);
    describeWithEmulator(app, folder);
  });
}
