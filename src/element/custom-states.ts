import {MeshesError} from '../errors.js';
import {warnOnce} from './attributes.js';

/**
 * Returns the custom states of an element, or null in a DOM that lacks them, where the element does not work: jsdom, happy-dom, or a
 * browser from before 2024. Remove the check when jsdom and happy-dom implement `ElementInternals.states`.
 */
export function customStatesOf(element: HTMLElement): CustomStateSet | null {
  const internals: Partial<ElementInternals> | undefined = hasCustomStates()
    ? element.attachInternals()
    : undefined;
  if (!internals) warnOnce(noBrowser().message);
  return internals?.states ?? null;
}

export function hasCustomStates(): boolean {
  return typeof ElementInternals === 'function' && 'states' in ElementInternals.prototype;
}

/** The element does not work in this DOM. */
export function noBrowser(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'config',
    'The element needs ElementInternals.states, which jsdom and happy-dom lack: for tests, use meshes-workspace/testing. If this is a browser, update it.',
  );
}
