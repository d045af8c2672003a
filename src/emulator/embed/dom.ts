type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;

/** Creates an element with attributes, listeners (`onclick: …`), and children. Texts become text nodes only. */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  applyAttributes(element, attributes);
  appendAll(element, children);
  return element;
};

const svgNamespace = 'http://www.w3.org/2000/svg';

export const svg = (
  tag: string,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElement => {
  const element = document.createElementNS(svgNamespace, tag);
  applyAttributes(element, attributes);
  appendAll(element, children);
  return element;
};

const applyAttributes = (element: Element, attributes: Attributes): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
};

const appendAll = (element: Element, children: readonly Child[]): void => {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
};

/** Creates a relative time, with the exact time on hover. `updateTimes` updates it. */
export const timeAgo = (iso: string): HTMLTimeElement =>
  h('time', {datetime: iso, title: new Date(iso).toLocaleString()}, inWords(iso));

export const updateTimes = (root: ParentNode): void => {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const words = inWords(element.dateTime);
    if (element.textContent !== words) element.textContent = words;
  }
};

const relative = new Intl.RelativeTimeFormat('en', {numeric: 'auto', style: 'short'});
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const inWords = (iso: string): string => {
  const seconds = Math.max(0, (Date.now() - Date.parse(iso)) / 1000);
  for (const [unit, size] of units) {
    if (seconds >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return 'just now';
};

/** Creates a status label with a colored dot. */
export const chip = (tone: 'good' | 'bad' | 'busy' | 'calm', text: string): HTMLElement =>
  h('span', {class: `chip chip-${tone}`}, text);

/** Creates a form control with its label. */
export const field = (label: string, control: HTMLElement): HTMLElement =>
  h('label', {class: 'field'}, h('span', {}, label), control);

/** Text of an empty cell. The narrow layout omits the cell. */
export const nothingToSay = '–';

/**
 * Replaces the children with these nodes. A node that keeps its place stays in the document: if it were removed, a button in it would
 * lose the focus and a click in progress.
 */
export const replaceChanged = (parent: Element, nodes: readonly Element[]): void => {
  nodes.forEach((node, index) => {
    const old = parent.children[index];
    if (old === undefined) parent.append(node);
    else if (old !== node) old.replaceWith(node);
  });
  for (const rest of [...parent.children].slice(nodes.length)) rest.remove();
};

/** Replaces the cells that differ. The listener of a control belongs to one record, so a cell with a control is always replaced. */
const replaceCells = (row: HTMLTableRowElement, next: HTMLTableRowElement): void => {
  [...next.cells].forEach((cell, index) => {
    const old = row.cells[index]!;
    if (!old.isEqualNode(cell) || cell.querySelector('button, input, select')) {
      old.replaceWith(cell);
    }
  });
};

export interface Column<T> {
  readonly name: string;
  /** Whether the column name is hidden visually. */
  readonly quiet?: boolean;
  cell(record: T): Child;
}

export interface Table<T> {
  readonly element: HTMLElement;
  /** Updates the rows. Cells without a change are not replaced, so that focus, selection, and a click in progress are kept. */
  update(records: readonly T[]): void;
}

/** Creates a table that becomes a list of cards if it is narrow. It keeps the roles of a table. */
export const createTable = <T extends {readonly id: string}>(
  caption: string,
  columns: readonly Column<T>[],
  empty: string,
): Table<T> => {
  const body = h('tbody', {role: 'rowgroup'});
  const head = h(
    'tr',
    {role: 'row'},
    ...columns.map(({name, quiet}) =>
      h(
        'th',
        {role: 'columnheader', scope: 'col'},
        quiet ? h('span', {class: 'visually-hidden'}, name) : name,
      ),
    ),
  );
  const table = h(
    'table',
    {role: 'table'},
    h('caption', {class: 'visually-hidden'}, caption),
    h('thead', {role: 'rowgroup'}, head),
    body,
  );
  const nothing = h('p', {class: 'empty', hidden: true}, empty);
  const rows = new Map<string, {json: string; row: HTMLTableRowElement}>();
  let filled = false;
  const rowOf = (record: T): HTMLTableRowElement =>
    h(
      'tr',
      {role: 'row', class: filled ? 'arrived' : undefined},
      ...columns.map(column => cellOf(column, record)),
    );
  const cellOf = (column: Column<T>, record: T): HTMLElement => {
    const content = column.cell(record);
    return h(
      'td',
      {
        role: 'cell',
        'data-name': column.quiet ? undefined : column.name,
        class: content === nothingToSay ? 'nothing' : undefined,
      },
      content,
    );
  };
  return {
    element: h('div', {class: 'card table-card'}, table, nothing),
    update(records) {
      const wanted = new Set(records.map(record => record.id));
      for (const [id, {row}] of rows) {
        if (wanted.has(id)) continue;
        row.remove();
        rows.delete(id);
      }
      records.forEach((record, index) => {
        const json = JSON.stringify(record);
        let entry = rows.get(record.id);
        if (entry?.json !== json) {
          const row = entry?.row ?? rowOf(record);
          if (entry) replaceCells(row, rowOf(record));
          entry = {json, row};
          rows.set(record.id, entry);
        }
        if (body.children[index] !== entry.row)
          body.insertBefore(entry.row, body.children[index] ?? null);
      });
      filled = true;
      table.hidden = records.length === 0;
      nothing.hidden = records.length > 0;
    },
  };
};
