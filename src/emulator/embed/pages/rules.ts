import type {RulesAnswer} from '../../embed-data-api.js';
import {RequestError} from '../access.js';
import {chip, createTable, field, h, nothingToSay, type Column} from '../dom.js';
import {resourceText} from '../event-table.js';
import type {PageContext, PageView} from '../page.js';

type Rule = RulesAnswer['records'][number];

export const createRulesPage = (context: PageContext): PageView => {
  const {manageRules} = context.session.permissions;
  let destinations: RulesAnswer['destinations'] = [];
  const destinationName = (id: string): string =>
    destinations.find(destination => destination.id === id)?.name ?? nothingToSay;

  const remove = async (rule: Rule): Promise<void> => {
    await context.request(`/data/rules/${encodeURIComponent(rule.id)}`, {method: 'DELETE'});
    context.announce(`The rule “${rule.name}” was deleted.`, () => create(bodyOf(rule)));
    await view.refresh();
  };
  const create = async (body: RuleBody): Promise<void> => {
    await context.request('/data/rules', {method: 'POST', body});
    context.announce(`The rule “${body.name}” is active.`);
    await view.refresh();
  };

  const columns: Column<Rule>[] = [
    {name: 'Rule', cell: ({name}) => h('strong', {}, name)},
    {
      name: 'When',
      cell: ({event, resource, resource_id}) =>
        h(
          'span',
          {},
          h('code', {}, event),
          resource ? ` in ${resourceText(resource, resource_id)}` : '',
        ),
    },
    {
      name: 'Then to',
      cell: ({connection, metadata}) =>
        h('span', {}, destinationName(connection), ' ', h('code', {}, metadata.action)),
    },
    {
      name: 'Status',
      cell: ({active}) => (active ? chip('good', 'Active') : chip('calm', 'Paused')),
    },
  ];
  if (manageRules) {
    columns.push({
      name: 'Actions',
      quiet: true,
      cell: rule =>
        h(
          'button',
          {
            type: 'button',
            class: 'subtle',
            'aria-label': `Delete ${rule.name}`,
            onclick: () => void remove(rule),
          },
          'Delete',
        ),
    });
  }
  const table = createTable('Rules', columns, 'There are no rules yet, so nothing is delivered.');
  const form = createRuleForm(create);

  const view: PageView = {
    title: 'Rules',
    content: h(
      'div',
      {},
      table.element,
      manageRules
        ? h('section', {}, h('h2', {}, 'New rule'), form.element)
        : h('p', {class: 'hint'}, 'Your role can view rules, but cannot change them.'),
    ),
    async refresh() {
      const data = await context.request<RulesAnswer>('/data/rules');
      destinations = data.destinations;
      form.setDestinations(destinations);
      table.update(data.records);
    },
  };
  return view;
};

interface RuleBody {
  readonly name: string;
  readonly event: string;
  readonly connection: string;
  readonly action: string;
}

const bodyOf = (rule: Rule): RuleBody => ({
  name: rule.name,
  event: rule.event,
  connection: rule.connection,
  action: rule.metadata.action,
});

const createRuleForm = (create: (body: RuleBody) => Promise<void>) => {
  const name = h('input', {name: 'name', required: true, maxlength: '80', autocomplete: 'off'});
  const event = h('input', {
    name: 'event',
    required: true,
    maxlength: '120',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    placeholder: 'contact.created',
  });
  const destination = h('select', {
    name: 'connection',
    required: true,
    onchange: () => showActions(),
  });
  const action = h('select', {name: 'action', required: true});
  let known: RulesAnswer['destinations'] = [];
  const showActions = (): void => {
    const chosen = known.find(({id}) => id === destination.value);
    action.replaceChildren(
      ...(chosen?.actions ?? []).map(({key, label}) => h('option', {value: key}, label)),
    );
  };
  const problem = h('p', {class: 'problem', role: 'alert'});
  const form = h(
    'form',
    {
      class: 'card form',
      onsubmit: submitted => {
        submitted.preventDefault();
        problem.textContent = '';
        create({
          name: name.value,
          event: event.value,
          connection: destination.value,
          action: action.value,
        }).then(
          () => {
            form.reset();
            showActions();
          },
          (error: unknown) => {
            problem.textContent =
              error instanceof RequestError ? error.message : 'The rule could not be created.';
          },
        );
      },
    },
    field('Rule name', name),
    field('Event name', event),
    field('Destination', destination),
    field('Action', action),
    h('div', {class: 'form-end'}, h('button', {class: 'primary'}, 'Create rule'), problem),
  );
  let shown = '';
  return {
    element: form,
    setDestinations(destinations: RulesAnswer['destinations']) {
      const json = JSON.stringify(destinations);
      // Unchanged options are not replaced, because the user may be selecting one.
      if (json === shown) return;
      shown = json;
      const {value} = destination;
      destination.replaceChildren(
        ...destinations.map(({id, name: label}) => h('option', {value: id}, label)),
      );
      if (destinations.some(({id}) => id === value)) destination.value = value;
      known = destinations;
      showActions();
    },
  };
};
