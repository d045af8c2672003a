import {html} from 'hono/html';
import {controls, isSwitch, type Control} from '../controls.js';
import type {DemoState} from '../demo-routes.js';
import type {Html} from './layout.js';

/** Renders the panel with events, state, and controls for developers. */
export const sidePanel = (state: DemoState, emulated: boolean): Html =>
  html`<aside class="panel" aria-labelledby="panel-title" data-state="${JSON.stringify(state)}">
    <div class="panel-head">
      <h2 id="panel-title">Behind the scenes</h2>
      <p>
        <span class="visually-hidden">State of the workspace:</span>
        <span class="badge" id="state" data-state="idle">idle</span>
        <span id="token-life"></span>
      </p>
    </div>

    <div class="log">
      <div class="section-head">
        <h3 id="log-title">Events of the element</h3>
        <button type="button" class="quiet" id="log-clear">Clear</button>
      </div>
      <div class="log-scroll" role="region" aria-labelledby="log-title" tabindex="0">
        <p class="hint" id="log-empty">No events yet.</p>
        <ol id="log" reversed></ol>
      </div>
    </div>

    <div class="panel-body">
      <section aria-labelledby="send-title">
        <h3 id="send-title">Send an event</h3>
        ${eventForm(emulated)}
      </section>
      <section aria-labelledby="faults-title">
        <div class="section-head">
          <h3 id="faults-title">What can go wrong</h3>
          <button type="button" class="quiet" id="reset">Reset</button>
        </div>
        <p class="problem" id="control-problem" role="alert"></p>
        <ul class="controls">
          ${controls
            .filter(({emulatorOnly}) => emulated || !emulatorOnly)
            .map(control => controlItem(control, state))}
          ${accountItem(state)}
        </ul>
      </section>
    </div>
  </aside>`;

const eventForm = (emulated: boolean): Html =>
  html`<form id="send-event" autocomplete="off">
    <label>
      Name
      <input name="event" value="contact.created" list="event-names" required />
    </label>
    <datalist id="event-names">
      ${['contact.created', 'deal.won', 'invoice.paid', 'newsletter.subscribed'].map(
        name => html`<option value="${name}"></option>`,
      )}
    </datalist>
    <label>Email <input name="email" type="email" value="ada@example.com" required /></label>
    <label>First name <input name="first_name" value="Ada" /></label>
    ${
      emulated
        ? html`<label>
            Deliveries
            <select name="simulate">
              <option value="">succeed</option>
              <option value="retry">succeed at the third attempt</option>
              <option value="fail">fail</option>
            </select>
          </label>`
        : ''
    }
    <p class="wide actions">
      <button id="send-button" class="primary">Send event</button>
      <button type="button" id="show-events">Show events page</button>
    </p>
    <output class="wide" id="send-result"></output>
  </form>`;

const controlItem = (control: Control, {faults}: DemoState): Html => {
  const id = `control-${control.name}`;
  return html`<li>
    <div>
      <h4 id="${id}">${control.title}</h4>
      <p id="${id}-text">${control.watch}</p>
    </div>
    ${
      isSwitch(control)
        ? html`<button
            type="button"
            class="switch"
            role="switch"
            aria-checked="${String(faults[control.name])}"
            aria-labelledby="${id}"
            aria-describedby="${id}-text"
            data-switch="${control.name}"
          ></button>`
        : html`<button type="button" aria-describedby="${id}-text" data-action="${control.name}">
            ${control.button}
          </button>`
    }
  </li>`;
};

const ACCOUNTS = [
  ['mia', 'Mia, Acme Cloud'],
  ['jonas', 'Jonas, Northwind'],
] as const;

const accountItem = ({account, faults}: DemoState): Html =>
  html`<li class="stacked">
    <div>
      <h4 id="control-account">Account switch</h4>
      <p id="control-account-text">
        Another user signs in, and the page calls reload(). The frame and the token of the previous
        user are removed immediately. Mia is an owner. Jonas is a member of another workspace.
      </p>
    </div>
    <div class="segments" role="group" aria-labelledby="control-account">
      ${ACCOUNTS.map(
        ([name, text]) =>
          html`<button
            type="button"
            data-account="${name}"
            aria-describedby="control-account-text"
            aria-pressed="${String(name === account && !faults.signedOut)}"
          >
            ${text}
          </button>`,
      )}
    </div>
  </li>`;
