import type {MappingsAnswer} from '../../embed-data-api.js';
import {createTable, h} from '../dom.js';
import type {PageContext, PageView} from '../page.js';
import {providerLabel} from './connections.js';

export const createMappingsPage = (context: PageContext): PageView => {
  const list = h('div', {});
  return {
    title: 'Mappings',
    content: h(
      'div',
      {},
      h('p', {class: 'hint'}, 'Which payload field becomes which field at the destination.'),
      list,
    ),
    async refresh() {
      const data = await context.request<MappingsAnswer>('/data/mappings');
      list.replaceChildren(
        ...data.connections.map(connection => {
          const table = createTable<MappingsAnswer['records'][number]>(
            `Fields for ${connection.name}`,
            [
              {name: 'Payload field', cell: ({source}) => h('code', {}, source)},
              {
                name: `${providerLabel(connection.provider)} field`,
                cell: ({target}) => h('code', {}, target),
              },
            ],
            'The whole payload is passed on as it is.',
          );
          table.update(data.records.filter(({connection_id}) => connection_id === connection.id));
          return h('section', {}, h('h2', {}, connection.name), table.element);
        }),
      );
    },
  };
};
