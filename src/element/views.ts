import {html, nothing, type TemplateResult} from 'lit';
import type {MeshesError} from '../errors.js';
import type {MeshesWorkspaceState} from './element-events.js';
import {adviceFor, type MeshesWorkspaceStrings} from './strings.js';

const ICON = {
  alert: html`<svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    aria-hidden="true"
  >
    <circle cx="12" cy="12" r="9.25" />
    <path stroke-linecap="round" d="M12 7.5v5.5M12 16.4v.1" />
  </svg>`,
  clock: html`<svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    aria-hidden="true"
  >
    <circle cx="12" cy="12" r="9.25" />
    <path stroke-linecap="round" stroke-linejoin="round" d="M12 7v5.25L15.5 14" />
  </svg>`,
};

/** What covers the frame. */
export type View = 'loading' | 'error' | 'expired' | 'none';

/** @param cancelled whether the page shows something of its own in place of the error and expired views */
export function viewOf(state: MeshesWorkspaceState, cancelled: boolean): View {
  switch (state) {
    case 'idle':
    case 'minting':
    case 'loading':
      return 'loading';
    case 'failed':
      return cancelled ? 'none' : 'error';
    case 'expired':
      return cancelled ? 'none' : 'expired';
    default:
      return 'none';
  }
}

export interface ShellOptions {
  view: View;
  /** Something has started: a loading view then stands for work under way. */
  busy: boolean;
  error: MeshesError | null;
  /** A try by hand is under way. */
  retrying: boolean;
  /** The frame has loaded another document, which does not send `meshes:ready`. */
  unresponsive: boolean;
  /** For the live region. */
  status: string;
  strings: MeshesWorkspaceStrings;
  onRetry: () => void;
  onReload: () => void;
}

/** The content of the shadow root: a place for the frame, the views with their slots, and the live region. */
export function shell(options: ShellOptions): TemplateResult {
  const {view, busy, error, unresponsive, status, strings, onReload} = options;
  return html`<div
      class="workspace"
      tabindex="-1"
      data-view=${view}
      aria-busy=${busy && view === 'loading' ? 'true' : 'false'}
    >
      <div class="frame"></div>
      <div class="view" part="loading" ?hidden=${view !== 'loading'}>
        <slot name="loading">
          <div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>
        </slot>
      </div>
      <div class="view" part="error" ?hidden=${view !== 'error'}>
        <slot name="error">${view === 'error' && error ? errorView(error, options) : nothing}</slot>
      </div>
      <div class="view overlay" part="expired" ?hidden=${view !== 'expired'}>
        <slot name="expired">${view === 'expired' ? expiredView(strings, onReload) : nothing}</slot>
      </div>
      ${view === 'none' && unresponsive ? unresponsiveBar(strings, onReload) : nothing}
    </div>
    <div class="status" role="status" aria-live="polite">${status}</div>`;
}

function errorView(
  {code, phase}: MeshesError,
  {retrying, strings, onRetry}: ShellOptions,
): TemplateResult {
  return html`<div class="card">
    ${ICON.alert}
    <h2>${strings.errorTitle}</h2>
    <p>${adviceFor(code, strings)}</p>
    <code>${code}</code>
    ${
      // How the element is written cannot be mended by trying again.
      phase === 'config'
        ? nothing
        : html`<button
            part="button"
            type="button"
            aria-disabled=${retrying ? 'true' : 'false'}
            @click=${onRetry}
          >
            ${retrying ? strings.retrying : strings.retry}
          </button>`
    }
  </div>`;
}

function expiredView(strings: MeshesWorkspaceStrings, onReload: () => void): TemplateResult {
  return html`<div class="card">
    ${ICON.clock}
    <h2>${strings.expiredTitle}</h2>
    <p>${strings.expired}</p>
    <button part="button" type="button" @click=${onReload}>${strings.reload}</button>
  </div>`;
}

/** Over an unresponsive frame; it does not cover what the frame shows. */
function unresponsiveBar(strings: MeshesWorkspaceStrings, onReload: () => void): TemplateResult {
  return html`<div class="bar">
    <span>${strings.frameReloaded}</span>
    <button part="button" type="button" @click=${onReload}>${strings.reload}</button>
  </div>`;
}
