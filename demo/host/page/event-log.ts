const MAX_ENTRIES = 200;

export interface EventLog {
  /** @param kind the name of a DOM event, or `you` for what was done on this page */
  add(kind: string, line: string): void;
  clear(): void;
}

/** Newest first. */
export const createEventLog = (list: HTMLElement, empty: HTMLElement): EventLog => {
  const update = () => {
    empty.hidden = list.childElementCount > 0;
  };
  return {
    add(kind, line) {
      const entry = document.createElement('li');
      entry.dataset.event = kind;
      entry.append(
        text('time', new Date().toLocaleTimeString('en-GB')),
        text('code', kind),
        text('span', line),
      );
      list.prepend(entry);
      while (list.childElementCount > MAX_ENTRIES) list.lastElementChild?.remove();
      update();
    },
    clear() {
      list.replaceChildren();
      update();
    },
  };
};

const text = (tag: string, content: string): HTMLElement => {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
};
