import type {MeshesError} from '../errors.js';
import {ownMember} from './own-document.js';
import {adviceFor, type MeshesWorkspaceStrings} from './strings.js';

/**
 * The error view for a page in which Lit cannot render. It has no Retry button: only a change of the page helps.
 *
 * @param error null removes the view
 */
export function setPlainError(
  root: Element | DocumentFragment,
  error: MeshesError | null,
  strings: MeshesWorkspaceStrings,
): void {
  root.querySelector('.plain')?.remove();
  if (!error) return;
  const create = ownMember('createElement');
  const card = Object.assign(create('div'), {className: 'card', part: 'error'});
  for (const [tag, textContent] of [
    ['h2', strings.errorTitle],
    ['p', adviceFor(error.code, strings)],
    ['code', error.code],
  ] as const) {
    card.append(Object.assign(create(tag), {textContent}));
  }
  const view = Object.assign(create('slot'), {className: 'plain', name: 'error'});
  view.append(card);
  root.append(view);
}
