import {html} from 'hono/html';
import {faultCases, faultGroups, faultTag} from '../fault-cases.js';
import type {User} from '../visitors.js';
import type {Html} from './layout.js';
import {sourceCode} from './source-code.js';
import {tourPage} from './tour-page.js';

export const faultsPage = (user: User | null, reporting: string): Html =>
  tourPage({
    title: 'Faults',
    path: '/faults',
    user,
    intro:
      'Choose a fault. The element tells the user what to do, and reports an error code to your code.',
    script: 'faults',
    body: html`<div class="faults">
      <nav class="fault-list" aria-label="Faults">
        ${faultGroups.map(
          ({title, cases}, index) =>
            html`<h2 id="faults-${index}">${title}</h2>
              <ul aria-labelledby="faults-${index}">
                ${cases.map(
                  ({name, title}) => html`<li><a class="button" href="#${name}">${title}</a></li>`,
                )}
              </ul>`,
        )}
      </nav>
      <div>
        <section class="workspace-card" aria-labelledby="fault-title">
          <div class="card-head">
            <h2 id="fault-title">${faultCases[0]!.title}</h2>
            <span class="badge" data-state="idle">idle</span>
          </div>
          <p class="card-text" id="fault-text">${faultCases[0]!.text}</p>
          <dl class="report" id="report">
            <div>
              <dt>Code</dt>
              <dd id="report-code">none</dd>
            </div>
            <div>
              <dt>Details</dt>
              <dd id="report-details">none</dd>
            </div>
          </dl>
          <div id="stage"></div>
        </section>
      </div>
    </div>`,
    examples: [
      {
        title: 'The tag',
        text: 'The tag for the chosen fault. The query tells the endpoint of the demo how to fail.',
        code: html`<div id="tag">${sourceCode('The tag', faultTag(faultCases[0]!))}</div>`,
      },
      {
        title: 'What your code receives',
        text: 'Errors and expiry end the session; warnings do not. Send all three to your monitoring.',
        code: reporting,
      },
    ],
  });
