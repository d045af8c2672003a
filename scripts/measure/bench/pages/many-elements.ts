/* On host pages: times what happens to many elements of one kind, far below the visible part of the page. */

export interface ManyTimes {
  /** ms, of the script that defines the element; null where there is none. */
  definition: number | null;
  /** ms for all of them. */
  upgrade: number | null;
  connect: number;
  disconnect: number;
}

interface Updates extends Element {
  updateComplete?: Promise<unknown>;
}

/** Ends when every element that is there has rendered. */
const rendered = (elements: Iterable<Updates>) =>
  Promise.all([...elements].map(element => Promise.resolve(element.updateComplete)));

let place: HTMLElement;

function below(): HTMLElement {
  const spacer = document.createElement('div');
  spacer.style.height = '20000px';
  const found = document.createElement('div');
  document.body.append(spacer, found);
  return found;
}

async function connect(tag: string, attributes: string, count: number): Promise<number> {
  const template = document.createElement('template');
  template.innerHTML = `<${tag} ${attributes}></${tag}>`;
  const startedAt = performance.now();
  for (let made = 0; made < count; made += 1) {
    place.append(document.importNode(template.content, true));
  }
  await rendered(place.children);
  return performance.now() - startedAt;
}

Object.assign(globalThis, {
  /** @param code defines the element; empty where it needs none */
  timeElements: async (
    tag: string,
    attributes: string,
    count: number,
    code: string,
  ): Promise<ManyTimes> => {
    place = below();
    const tags = `<${tag} ${attributes}></${tag}>`.repeat(count);
    let definition: number | null = null;
    let upgrade: number | null = null;
    if (code) {
      // Its script is run without any of them first: their upgrade would be part of it.
      const define = customElements.define.bind(customElements);
      let found: CustomElementConstructor | undefined;
      customElements.define = (_name, constructor) => void (found = constructor);
      const startedAt = performance.now();
      const script = document.createElement('script');
      script.textContent = code;
      document.head.append(script);
      definition = performance.now() - startedAt;
      customElements.define = define;
      place.innerHTML = tags;
      const upgradedAt = performance.now();
      define(tag, found!);
      await rendered(place.children);
      upgrade = performance.now() - upgradedAt;
      place.replaceChildren();
    }
    const connected = await connect(tag, attributes, count);
    const removedAt = performance.now();
    place.replaceChildren();
    const disconnect = performance.now() - removedAt;
    return {definition, upgrade, connect: connected, disconnect};
  },

  /** For the memory they take: leaves them in the document. */
  keepElements: async (tag: string, attributes: string, count: number): Promise<void> => {
    await connect(tag, attributes, count);
  },
  showElements: (): void => place.scrollIntoView(),
});
