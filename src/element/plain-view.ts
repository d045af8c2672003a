import type {MeshesError} from '../errors.js';
import {ownMember} from './own-document.js';
import {adviceFor, type MeshesWorkspaceStrings} from './strings.js';

/** Shows the error view without Lit, for pages in which Lit cannot render. No Retry button: only a change to the page helps. */
export function showPlainError(
  root: Element | DocumentFragment,
  error: MeshesError,
  strings: MeshesWorkspaceStrings,
): void {
  removePlainError(root);
  const create = ownMember('createElement');
  const card = Object.assign(create('div'), {className: 'card', part: 'error'});
  for (const [tag, textContent] of [
    ['h2', strings.errorTitle],
    ['p', adviceFor(error, strings)],
    ['code', error.code],
  ] as const) {
    card.append(Object.assign(create(tag), {textContent}));
  }
  const view = Object.assign(create('slot'), {className: 'plain', name: 'error'});
  view.append(card);
  root.append(view);
}

/** Removes the plain error view before Lit renders its own. */
export function removePlainError(root: Element | DocumentFragment): void {
  root.querySelector('.plain')?.remove();
}
