export {html, noChange, nothing} from 'lit';

/** Renders a template into a container. */
export function render(value: unknown, container: Element | DocumentFragment): void;
