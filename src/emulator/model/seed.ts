import {demoCredentials, secondWorkspace} from '../credentials.js';
import {derivedId} from './derived-id.js';
import {integrationOf} from './integrations.js';
import type {
  Connection,
  InactiveReason,
  IntegrationType,
  MeshesEvent,
  Rule,
  Workspace,
} from './types.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const createdBy = 'urn:meshes:emulator';

/** Two workspaces that are the same at each start. Their times are relative to `now`. */
export interface Seed {
  workspaces: Workspace[];
  connections: Connection[];
  rules: Rule[];
  events: MeshesEvent[];
}

export const createSeed = (now: number): Seed => {
  const first = demoCredentials.workspaceId;
  const second = secondWorkspace.workspaceId;
  const workspace = (
    id: string,
    name: string,
    description: string,
    publishableKey: string,
    daysAgo: number,
  ): Workspace => ({
    id,
    name,
    description,
    publishableKey,
    createdAt: now - daysAgo * day,
    updatedAt: now - daysAgo * day,
  });
  const workspaces = [
    workspace(
      second,
      'Northwind Traders',
      'The second workspace of the demo',
      secondWorkspace.publishableKey,
      30,
    ),
    workspace(first, 'Acme Cloud', 'The workspace of the demo', demoCredentials.publishableKey, 90),
  ];

  const connection = (
    workspaceId: string,
    name: string,
    type: IntegrationType,
    daysAgo: number,
    inactiveReason: InactiveReason | null = null,
  ): Connection => ({
    id: derivedId('connection', name),
    workspaceId,
    name,
    type,
    metadata: metadataOf(type),
    inactiveReason,
    hidden: false,
    createdBy,
    createdAt: now - daysAgo * day,
    updatedAt: now - daysAgo * day,
    fieldsRefreshedAt: now - daysAgo * day,
  });
  const connections = [
    connection(first, 'HubSpot Marketing', 'hubspot', 84),
    connection(first, 'Slack #sales', 'slack', 61),
    connection(first, 'Data warehouse', 'webhook', 33),
    connection(first, 'Mailchimp newsletter', 'mailchimp', 12, 'authentication_invalid'),
    connection(second, 'Intercom support', 'intercom', 21),
    connection(second, 'Northwind ERP', 'webhook', 9),
  ];

  const rule = (
    workspaceId: string,
    name: string,
    event: string,
    connectionName: string,
    resource: string | null = null,
    resourceId: string | null = null,
  ): Rule => {
    const {id: connectionId, type} = connections.find(one => one.name === connectionName)!;
    const [action] = Object.values(integrationOf(type).actions);
    return {
      id: derivedId('rule', name),
      workspaceId,
      connectionId,
      event,
      metadata: {action: action!.key, name, ...(action!.fields.includes('id') ? {id: '1'} : {})},
      resource,
      resourceId,
      active: true,
      hidden: false,
      createdBy,
      createdAt: now - 20 * day,
      updatedAt: now - 20 * day,
    };
  };
  const archived = [
    'contact.created',
    'contact.updated',
    'deal.won',
    'invoice.paid',
    'newsletter.subscribed',
    'order.placed',
    'task.done',
  ];
  const rules = [
    rule(first, 'Sync contacts to HubSpot', 'contact.created', 'HubSpot Marketing'),
    rule(first, 'Update contacts in HubSpot', 'contact.updated', 'HubSpot Marketing'),
    rule(first, 'Announce won deals', 'deal.won', 'Slack #sales'),
    rule(first, 'Newsletter sign-ups', 'newsletter.subscribed', 'Mailchimp newsletter'),
    rule(first, 'Tell the project room', 'task.done', 'Slack #sales', 'project', 'apollo'),
    ...archived.map(event => rule(first, `Archive ${event}`, event, 'Data warehouse')),
    rule(second, 'Open a conversation', 'ticket.opened', 'Intercom support'),
    rule(second, 'Orders to the ERP', 'order.placed', 'Northwind ERP'),
    rule(second, 'Shipments to the ERP', 'order.shipped', 'Northwind ERP'),
  ];

  const people = [
    'Ada Lovelace',
    'Grace Hopper',
    'Alan Turing',
    'Katherine Johnson',
    'Lin Lanying',
  ];
  const names: Record<string, string[]> = {
    [first]: [
      'contact.created',
      'deal.won',
      'contact.updated',
      'newsletter.subscribed',
      'task.done',
      'contact.created',
      'invoice.paid',
    ],
    [second]: ['ticket.opened', 'order.placed', 'order.shipped'],
  };
  const events: MeshesEvent[] = [];
  const add = (workspaceId: string, count: number, stepMinutes: number): void => {
    const kinds = names[workspaceId]!;
    const ages = unevenAges(count, stepMinutes);
    for (let index = 0; index < count; index++) {
      const event = kinds[index % kinds.length]!;
      const [firstName = '', lastName = ''] = people[index % people.length]!.split(' ');
      const ofProject = event === 'task.done';
      events.push({
        id: derivedId(`event ${index}`, workspaceId),
        workspaceId,
        event,
        payload: {
          email: `${firstName}.${lastName}@example.com`.toLowerCase(),
          first_name: firstName,
          last_name: lastName,
          ...(index % 9 === 4 ? {simulate: 'retry'} : {}),
        },
        resource: ofProject ? 'project' : 'global',
        resourceId: ofProject ? (index % 2 === 0 ? 'apollo' : 'gemini') : null,
        createdBy: `urn:meshes:publishable-key:${workspaceId}`,
        createdAt: now - Math.round(ages[index] ?? 0) * minute,
      });
    }
  };
  add(first, 42, 17);
  add(second, 12, 45);
  return {workspaces, connections, rules, events};
};

const metadataOf = (type: IntegrationType): Readonly<Record<string, unknown>> => {
  if (type === 'webhook') return {url: 'https://example.com/meshes', http_method: 'POST'};
  return type === 'mailchimp' ? {data_center: 'us1'} : {};
};

/** Returns ages in minutes with uneven steps, so that busy and quiet hours alternate. */
const unevenAges = (count: number, stepMinutes: number): number[] => {
  let age = 3;
  return Array.from({length: count}, (_, index) => {
    const current = age;
    age += stepMinutes * (0.15 + (1 + Math.sin(index * 0.55)) ** 2 * 0.6);
    return current;
  });
};
