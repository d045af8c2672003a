import type {MappingsAnswer} from '../../embed-data-api.js';
import {createTable, h} from '../dom.js';
import type {PageContext, PageView} from '../page.js';

type Entry = MappingsAnswer['records'][number];
type Field = Entry['mapping']['schema']['fields'][number];

export const createMappingsPage = (context: PageContext): PageView => {
  const list = h('div', {});
  return {
    title: 'Mappings',
    content: h(
      'div',
      {},
      h(
        'p',
        {class: 'hint'},
        'Each field of a destination gets its value from a field of the payload.',
      ),
      list,
    ),
    async refresh() {
      const data = await context.request<MappingsAnswer>('/data/mappings');
      list.replaceChildren(...data.records.map(section));
    },
  };
};

const section = ({connection, mapping, status}: Entry): HTMLElement => {
  const table = createTable<Field & {id: string}>(
    `Fields for ${connection.name}`,
    [
      {name: 'Payload field', cell: ({source}) => h('code', {}, sourceText(source))},
      {name: `${connection.provider} field`, cell: ({dest}) => h('code', {}, dest)},
    ],
    'No fields are mapped.',
  );
  table.update(mapping.schema.fields.map((field, index) => ({...field, id: String(index)})));
  const about = status === 'stored' ? `Version ${mapping.version}` : 'Generated';
  return h(
    'section',
    {},
    h('h2', {}, connection.name),
    h('p', {class: 'hint'}, about),
    table.element,
  );
};

const sourceText = (source: Field['source']): string =>
  source.type === 'path' ? source.value : JSON.stringify(source.value);
