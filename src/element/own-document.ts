/**
 * Reads a property or a method of this page's document from its prototype. `document.baseURI` is the
 * image on a page with `<img name="baseURI">`: names of elements hide the document's own properties.
 * https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem-filter
 */
export function ownMember<Name extends keyof Document>(name: Name): Document[Name] {
  const value = Reflect.get(Document.prototype, name, document) as unknown;
  return (typeof value === 'function' ? value.bind(document) : value) as Document[Name];
}
