const MAX_ENTRIES = 200;

export interface EventLog {
  /** Adds a line. @param kind type of a DOM event, or `you` for an action of the user */
  add(kind: string, line: string): void;
  clear(): void;
}

/** Creates a log, newest line first. */
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
