import {MeshesError} from '../errors.js';
import {warnOnce} from './attributes.js';

/**
 * The custom states of an element; null in a DOM without them, where nothing works: jsdom and happy-dom, or a browser from
 * before 2024. Can go when both implement `ElementInternals.states`.
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

/** The element does nothing in this DOM. */
export function noBrowser(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'config',
    'The element needs ElementInternals.states, which jsdom and happy-dom lack: for tests, use meshes-workspace/testing. If this is a browser, update it.',
  );
}
