import {demoCredentials, secondWorkspace} from '../credentials.js';
import type {Connection, Mapping, MeshesEvent, Rule, Workspace} from './types.js';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Two workspaces, the same at each start; their times are counted back from `now`. */
export interface Seed {
  workspaces: Workspace[];
  connections: Connection[];
  mappings: Mapping[];
  rules: Rule[];
  events: MeshesEvent[];
}

export const createSeed = (now: number): Seed => {
  const first = demoCredentials.workspaceId;
  const second = secondWorkspace.workspaceId;
  const workspaces: Workspace[] = [
    {
      id: first,
      name: 'Acme Cloud',
      publishableKey: demoCredentials.publishableKey,
      createdAt: now - 90 * day,
    },
    {
      id: second,
      name: 'Northwind Traders',
      publishableKey: secondWorkspace.publishableKey,
      createdAt: now - 30 * day,
    },
  ];

  const connection = (
    workspaceId: string,
    id: string,
    name: string,
    provider: Connection['provider'],
    daysAgo: number,
    status: Connection['status'] = 'active',
  ): Connection => ({
    id: `con_${id}`,
    workspaceId,
    name,
    provider,
    auth: provider === 'webhook' ? 'webhook' : 'oauth',
    status,
    createdAt: now - daysAgo * day,
  });
  const connections = [
    connection(first, 'hubspot', 'HubSpot Marketing', 'hubspot', 84),
    connection(first, 'slack', 'Slack #sales', 'slack', 61),
    connection(first, 'webhook', 'Data warehouse', 'webhook', 33),
    connection(first, 'mailchimp', 'Mailchimp newsletter', 'mailchimp', 12, 'needs_attention'),
    connection(second, 'intercom', 'Intercom support', 'intercom', 21),
    connection(second, 'webhook2', 'Northwind ERP', 'webhook', 9),
  ];

  const fields: readonly (readonly [connection: string, source: string, target: string])[] = [
    ['hubspot', 'email', 'email'],
    ['hubspot', 'first_name', 'firstname'],
    ['hubspot', 'last_name', 'lastname'],
    ['hubspot', 'phone', 'phone'],
    ['slack', 'name', 'title'],
    ['slack', 'resource_url', 'link'],
    ['mailchimp', 'email', 'email_address'],
    ['mailchimp', 'first_name', 'FNAME'],
    ['intercom', 'email', 'email'],
    ['intercom', 'name', 'name'],
  ];
  const mappings = fields.map(([id, source, target], index) => ({
    id: `map_${index + 1}`,
    connectionId: `con_${id}`,
    source,
    target,
  }));

  const rule = (
    workspaceId: string,
    id: string,
    name: string,
    event: string,
    connectionId: string,
    resource: string | null = null,
    resourceId: string | null = null,
  ): Rule => ({
    id: `rul_${id}`,
    workspaceId,
    name,
    event,
    connectionId: `con_${connectionId}`,
    resource,
    resourceId,
    createdAt: now - 20 * day,
  });
  const rules = [
    rule(first, 'contacts', 'Sync contacts to HubSpot', 'contact.*', 'hubspot'),
    rule(first, 'deals', 'Announce won deals', 'deal.won', 'slack'),
    rule(first, 'archive', 'Archive everything', '*', 'webhook'),
    rule(first, 'news', 'Newsletter sign-ups', 'newsletter.subscribed', 'mailchimp'),
    rule(first, 'project', 'Tell the project room', 'task.done', 'slack', 'project', 'apollo'),
    rule(second, 'support', 'Open a conversation', 'ticket.opened', 'intercom'),
    rule(second, 'orders', 'Orders to the ERP', 'order.*', 'webhook2'),
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
  const add = (workspaceId: string, count: number, stepMinutes: number, prefix: string): void => {
    const kinds = names[workspaceId] ?? [];
    const ages = unevenAges(count, stepMinutes);
    for (let index = 0; index < count; index++) {
      const event = kinds[index % kinds.length] ?? 'contact.created';
      const person = people[index % people.length] ?? 'Ada Lovelace';
      const [firstName = '', lastName = ''] = person.split(' ');
      const ofProject = event === 'task.done';
      events.push({
        id: `${prefix}-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
        workspaceId,
        event,
        payload: {
          email: `${firstName}.${lastName}@example.com`.toLowerCase(),
          first_name: firstName,
          last_name: lastName,
          ...(index % 9 === 4 ? {simulate: 'retry'} : {}),
        },
        resource: ofProject ? 'project' : null,
        resourceId: ofProject ? (index % 2 === 0 ? 'apollo' : 'gemini') : null,
        createdBy: `urn:meshes:publishable-key:${workspaceId}`,
        createdAt: now - Math.round(ages[index] ?? 0) * minute,
      });
    }
  };
  add(first, 42, 17, '0e0e0e01');
  add(second, 12, 45, '0e0e0e02');
  return {workspaces, connections, mappings, rules, events};
};

/** Ages in minutes that grow by uneven steps, so that busy hours and quiet ones follow each other. */
const unevenAges = (count: number, stepMinutes: number): number[] => {
  let age = 3;
  return Array.from({length: count}, (_, index) => {
    const current = age;
    age += stepMinutes * (0.15 + (1 + Math.sin(index * 0.55)) ** 2 * 0.6);
    return current;
  });
};
