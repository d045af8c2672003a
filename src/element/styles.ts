import {css} from 'lit';

/*
 * The views inherit the page's font and follow its `color-scheme`. Frame and view share one grid cell, so that a change between
 * them causes no layout shift. The skeleton appears after 0.2 s: a workspace that is ready sooner shows no flash, and needs no time
 * for painting the skeleton.
 */
export const styles = css`
  :host {
    display: block;
    position: relative;
    min-inline-size: 0;
    --_radius: var(--meshes-workspace-radius, 12px);
    --_surface: var(--meshes-workspace-surface, Canvas);
    --_text: var(--meshes-workspace-text, CanvasText);
    --_muted: var(--meshes-workspace-muted, color-mix(in srgb, var(--_text) 72%, var(--_surface)));
    --_border: var(
      --meshes-workspace-border,
      color-mix(in srgb, var(--_text) 18%, var(--_surface))
    );
    --_skeleton: var(
      --meshes-workspace-skeleton,
      color-mix(in srgb, var(--_text) 9%, var(--_surface))
    );
    --_accent: var(--meshes-workspace-accent, var(--_text));
    --_accent-text: var(--meshes-workspace-accent-text, var(--_surface));
    --_backdrop: var(--meshes-workspace-backdrop, var(--_surface));
  }
  :host([hidden]) {
    display: none;
  }
  :host(:state(fill)) {
    block-size: 480px;
  }
  * {
    box-sizing: border-box;
  }

  .workspace {
    display: grid;
    /* As wide as the element. The maximum makes the element fill a flex container or a centered grid. */
    grid-template: minmax(0, 1fr) / minmax(0, 100vw);
    flex: auto;
    min-inline-size: 0;
    block-size: 100%;
    outline: none;
  }
  .frame,
  .view {
    grid-area: 1 / 1;
    min-inline-size: 0;
  }
  iframe {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    border: 0;
  }
  .workspace[data-view='loading'] iframe,
  .workspace[data-view='error'] iframe {
    visibility: hidden;
  }

  .view {
    position: relative;
    z-index: 1;
  }
  .view[hidden] {
    display: none;
  }
  .overlay {
    background: var(--_backdrop);
    border-radius: var(--_radius);
  }

  .skeleton {
    display: grid;
    grid-template: 44px minmax(120px, 26%) minmax(0, 1fr) / repeat(3, minmax(0, 1fr));
    gap: 16px;
    block-size: 100%;
    min-block-size: inherit;
    padding: 24px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow: hidden;
    animation: appear 0s 0.2s backwards;
  }
  .skeleton i {
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_skeleton);
    animation: pulse 1.6s ease-in-out 0.2s infinite;
  }
  .skeleton i:nth-child(1) {
    grid-column: 1 / 3;
  }
  .skeleton i:nth-child(2) {
    grid-column: 1;
  }
  .skeleton i:nth-child(n + 3) {
    animation-delay: 0.4s;
  }
  .skeleton i:last-child {
    grid-column: 1 / -1;
    animation-delay: 0.6s;
  }
  @keyframes appear {
    0% {
      visibility: hidden;
    }
  }
  @keyframes pulse {
    50% {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton i {
      animation: none;
    }
  }

  .plain {
    display: flow-root;
  }
  .card {
    position: sticky;
    inset-block-start: 24px;
    display: grid;
    justify-items: center;
    gap: 8px;
    inline-size: min(28rem, 100% - 32px);
    margin: max(24px, min(18%, 96px)) auto 24px;
    padding: 32px 24px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    text-align: center;
    line-height: 1.5;
    overflow-wrap: anywhere;
  }
  .overlay .card {
    box-shadow: 0 12px 32px rgb(0 0 0 / 0.16);
  }
  .card svg {
    inline-size: 32px;
    block-size: 32px;
    margin-block-end: 4px;
    color: var(--_muted);
  }
  h2 {
    margin: 0;
    font: inherit;
    font-size: 1.125em;
    font-weight: 600;
    line-height: 1.3;
    text-wrap: balance;
  }
  p {
    margin: 0;
    color: var(--_muted);
    text-wrap: pretty;
  }
  code {
    font-family: ui-monospace, monospace;
    font-size: 0.8125em;
    color: var(--_muted);
  }

  button {
    min-block-size: 40px;
    margin-block-start: 12px;
    padding: 8px 20px;
    border: 1px solid transparent;
    border-radius: calc(var(--_radius) * 0.66);
    background: var(--_accent);
    color: var(--_accent-text);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  button:hover {
    opacity: 0.88;
  }
  button:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  button[aria-disabled='true'] {
    opacity: 0.6;
    cursor: progress;
  }

  .bar {
    grid-area: 1 / 1;
    z-index: 2;
    align-self: start;
    position: sticky;
    inset-block-start: 0;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    padding: 6px 8px 6px 16px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
  }
  .bar button {
    min-block-size: 32px;
    margin: 0;
    padding: 4px 14px;
  }

  .status {
    position: absolute;
    /* Not below the workspace, where it would make a page scroll that is exactly as high as the window. */
    inset-block-start: 0;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (forced-colors: active) {
    .skeleton i {
      border: 1px solid;
    }
    button {
      border-color: ButtonText;
    }
  }
`;
