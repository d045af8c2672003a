import {html, nothing, type TemplateResult} from 'lit';
import type {MeshesError} from '../errors.js';
import type {MeshesWorkspaceState} from './element-events.js';
import {adviceFor, expiredAdvice, type MeshesWorkspaceStrings} from './strings.js';

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

/** The view that covers the frame. */
export type View = 'loading' | 'error' | 'expired' | 'none';

/** @param cancelled whether the page called `preventDefault()`, which hides the error and expired views */
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
  /** A session has started, so the loading view stands for work in progress. */
  busy: boolean;
  error: MeshesError | null;
  /** An attempt that the user started with Retry is in progress. */
  retrying: boolean;
  /** Text of the bar over the frame; null for none. */
  bar: string | null;
  /** For the live region. */
  status: string;
  strings: MeshesWorkspaceStrings;
  onRetry: () => void;
  onReload: () => void;
}

/**
 * The content of the shadow root: a place for the frame, the views with their slots, and the live region.
 *
 * Texts are set as `textContent`: page translators replace text nodes, and Lit would update the removed ones.
 */
export function shell(options: ShellOptions): TemplateResult {
  const {view, busy, error, bar, status, strings, onReload} = options;
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
        <slot name="expired"
          >${view === 'expired' ? expiredView(error, strings, onReload) : nothing}</slot
        >
      </div>
      ${view === 'none' && bar !== null ? barView(bar, strings, onReload) : nothing}
    </div>
    <div class="status" role="status" aria-live="polite" .textContent=${status}></div>`;
}

function errorView(error: MeshesError, {retrying, strings, onRetry}: ShellOptions): TemplateResult {
  const {code, phase} = error;
  return html`<div class="card">
    ${ICON.alert}
    <h2 .textContent=${strings.errorTitle}></h2>
    <p .textContent=${adviceFor(error, strings)}></p>
    <code .textContent=${code}></code>
    ${
      // Only a change to the page helps.
      phase === 'config' || code === 'csp_blocked'
        ? nothing
        : html`<button
            part="button"
            type="button"
            aria-disabled=${retrying ? 'true' : 'false'}
            .textContent=${retrying ? strings.retrying : strings.retry}
            @click=${onRetry}
          ></button>`
    }
  </div>`;
}

function expiredView(
  error: MeshesError | null,
  strings: MeshesWorkspaceStrings,
  onReload: () => void,
): TemplateResult {
  return html`<div class="card">
    ${ICON.clock}
    <h2 .textContent=${strings.expiredTitle}></h2>
    <p .textContent=${expiredAdvice(error, strings)}></p>
    ${reloadButton(strings, onReload)}
  </div>`;
}

function reloadButton(strings: MeshesWorkspaceStrings, onReload: () => void): TemplateResult {
  return html`<button
    part="button"
    type="button"
    .textContent=${strings.reload}
    @click=${onReload}
  ></button>`;
}

/** A bar over a frame that does not respond or is signed out. It covers only a part of the frame. */
function barView(
  text: string,
  strings: MeshesWorkspaceStrings,
  onReload: () => void,
): TemplateResult {
  return html`<div class="bar">
    <span .textContent=${text}></span>
    ${reloadButton(strings, onReload)}
  </div>`;
}
