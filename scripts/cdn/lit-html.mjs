/*
 * Stands in for `lit-html` in the CDN files: the fifth of it that the views of the element need.
 *
 * A binding is a whole attribute (`name=${}`, `?name=${}`, `.name=${}`, `@name=${}`) or a child. An attribute takes text. A
 * child takes `nothing` or a template, in which other children are inside of an element. There are no directives, lists, texts
 * as children, or options. `test/package/cdn-views.browser.ts` renders the views with Lit and with this module, and compares.
 */

/** The name that pages allow by `trusted-types`. */
const POLICY = 'meshes-workspace';

/** Stands for a child binding in the markup. */
const MARK = '$';

export const noChange = Symbol.for('lit-noChange');
export const nothing = Symbol.for('lit-nothing');

export const html = (strings, ...values) => ({strings, values});

/** By the strings of a template: its content, and the kind and name of each binding. */
const templates = new WeakMap();
/** By the container: the child binding that fills it. */
const roots = new WeakMap();

let policy;

/** Only once a template needs the policy: a second copy of the file renders nothing, and may not take a name twice. */
function trust(markup) {
  policy ??= globalThis.trustedTypes?.createPolicy(POLICY, {createHTML: text => text});
  return policy ? policy.createHTML(markup) : markup;
}

function prepare(strings) {
  const bindings = [];
  const markup = strings.reduce((before, text) => {
    const start = before.replace(/(?:\s([.?@]?)([\w-]+)=)?$/, (_, kind, name) => {
      const index = bindings.push([kind, name]) - 1;
      return name ? ` ${MARK}${index}` : `<!--${MARK}-->`;
    });
    return start + text;
  });
  const template = document.createElement('template');
  template.innerHTML = trust(markup);
  return {content: template.content, bindings};
}

/** @returns the nodes of a template, and a function that sets its values */
function instantiate(strings) {
  if (!templates.has(strings)) templates.set(strings, prepare(strings));
  const {content, bindings} = templates.get(strings);
  const fragment = document.importNode(content, true);
  const parts = [];
  // Elements and comments, in the order of the bindings.
  const walker = document.createTreeWalker(fragment, 129);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.data === MARK) parts.push(createChild(node));
    for (const name of node.getAttributeNames?.() ?? []) {
      if (!name.startsWith(MARK)) continue;
      node.removeAttribute(name);
      parts.push(createAttribute(node, ...bindings[parts.length]));
    }
  }
  return [fragment, values => parts.forEach((set, index) => set(values[index]))];
}

function createAttribute(element, kind, name) {
  let current;
  if (kind === '@') element.addEventListener(name, event => current(event));
  return value => {
    if (value === current) return;
    current = value;
    if (kind === '.') element[name] = value;
    else if (kind === '?') element.toggleAttribute(name, value);
    else if (!kind) element.setAttribute(name, value);
  };
}

function createChild(marker) {
  let shown;
  let nodes = [];
  let update;
  return ({strings, values}) => {
    if (strings !== shown) {
      for (const node of nodes) node.remove();
      nodes = [];
      shown = undefined;
    }
    if (!strings) return;
    if (shown) return update(values);
    let fragment;
    [fragment, update] = instantiate(strings);
    update(values);
    nodes = [...fragment.childNodes];
    marker.before(fragment);
    shown = strings;
  };
}

export function render(value, container) {
  if (!roots.has(container)) {
    roots.set(container, createChild(container.appendChild(document.createComment(''))));
  }
  roots.get(container)(value);
}
