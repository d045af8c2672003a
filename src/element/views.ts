import {html, nothing, type TemplateResult} from 'lit';
import type {MeshesErrorCode} from '../errors.js';
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

/** A skeleton in the shape of a workspace. */
export function loadingView(): TemplateResult {
  return html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`;
}

export interface ErrorViewOptions {
  code: MeshesErrorCode;
  /** Configuration errors cannot be mended by trying again. */
  canRetry: boolean;
  busy: boolean;
  strings: MeshesWorkspaceStrings;
  onRetry: () => void;
}

export function errorView({
  code,
  canRetry,
  busy,
  strings,
  onRetry,
}: ErrorViewOptions): TemplateResult {
  return html`<div class="card">
    ${ICON.alert}
    <h2>${strings.errorTitle}</h2>
    <p>${adviceFor(code, strings)}</p>
    <code>${code}</code>
    ${
      canRetry
        ? html`<button
            part="button"
            type="button"
            aria-disabled=${busy ? 'true' : 'false'}
            @click=${onRetry}
          >
            ${busy ? strings.retrying : strings.retry}
          </button>`
        : nothing
    }
  </div>`;
}

export function expiredView(strings: MeshesWorkspaceStrings, onReload: () => void): TemplateResult {
  return html`<div class="card">
    ${ICON.clock}
    <h2>${strings.expiredTitle}</h2>
    <p>${strings.expired}</p>
    <button part="button" type="button" @click=${onReload}>${strings.reload}</button>
  </div>`;
}

/** Over a frame that has reloaded itself and does not speak; never in the way of what it shows. */
export function silentBar(strings: MeshesWorkspaceStrings, onReload: () => void): TemplateResult {
  return html`<div class="bar">
    <span>${strings.frameReloaded}</span>
    <button part="button" type="button" @click=${onReload}>${strings.reload}</button>
  </div>`;
}
