/**
 * Reads a property or a method of this page's document from its prototype. Names of elements hide the document's own properties: on
 * a page with `<img name="baseURI">`, `document.baseURI` is the image.
 * https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem-filter
 */
export function ownMember<Name extends keyof Document>(name: Name): Document[Name] {
  // guard(page-names): names of elements do not replace members of the document
  const value = Reflect.get(Document.prototype, name, document) as unknown;
  return (typeof value === 'function' ? value.bind(document) : value) as Document[Name];
}

/**
 * Returns the origin of this page. A script with a global variable `origin` or `self` replaces these properties of the window. Then
 * the origin of `location` is used, which no script can replace. (It is wrong in sandboxed and `srcdoc` pages, so it is not used first.)
 */
export function ownOrigin(): string {
  const own = Object.getOwnPropertyDescriptor(window, 'origin');
  return own?.get ? String(own.get.call(window)) : location.origin;
}
