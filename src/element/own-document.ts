/**
 * Reads a property or a method of this page's document from its prototype. `document.baseURI` is the
 * image on a page with `<img name="baseURI">`: names of elements hide the document's own properties.
 * https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem-filter
 */
export function ownMember<Name extends keyof Document>(name: Name): Document[Name] {
  // guard(page-names): names of elements do not replace members of the document
  const value = Reflect.get(Document.prototype, name, document) as unknown;
  return (typeof value === 'function' ? value.bind(document) : value) as Document[Name];
}

/**
 * The origin of this page. An old script with a global variable `origin` or `self` replaces the properties of that name; then
 * `location` tells, which nothing can replace. (It does not in a sandboxed or a `srcdoc` page.)
 */
export function ownOrigin(): string {
  const own = Object.getOwnPropertyDescriptor(window, 'origin');
  return own?.get ? String(own.get.call(window)) : location.origin;
}
