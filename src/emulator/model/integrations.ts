import type {IntegrationType} from './types.js';

export interface IntegrationAction {
  readonly key: string;
  readonly label: string;
  readonly noun: string;
  /** Fields of a rule's `metadata` that the action uses. */
  readonly fields: readonly string[];
}

export interface IntegrationField {
  readonly key: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  readonly required: boolean;
}

export interface Integration {
  readonly name: string;
  readonly type: IntegrationType;
  readonly about: string;
  readonly authentication:
    | {readonly type: 'oauth'; readonly oauth: {readonly version: 2}}
    | {readonly type: 'api_key' | 'none'; readonly fields: readonly IntegrationField[]};
  readonly actions: Readonly<Record<string, IntegrationAction>>;
}

const action = (
  key: string,
  noun: string,
  ...fields: readonly string[]
): Readonly<Record<string, IntegrationAction>> => {
  const words = key.replaceAll('_', ' ');
  return {[key]: {key, label: words.charAt(0).toUpperCase() + words.slice(1), noun, fields}};
};

const pair = (noun: string): Integration['actions'] => ({
  ...action(`add_to_${noun}`, noun, 'id'),
  ...action(`remove_from_${noun}`, noun, 'id'),
});

const tags = {...action('add_tag', 'tag', 'id'), ...action('remove_tag', 'tag', 'id')};
const oauth = {type: 'oauth', oauth: {version: 2}} as const;
const text = (key: string, label: string): IntegrationField => ({
  key,
  label,
  type: 'text',
  required: true,
});
const secret = (key: string, label: string): IntegrationField => ({
  key,
  label,
  type: 'password',
  required: true,
});
const apiKey = (...fields: readonly IntegrationField[]) =>
  ({type: 'api_key', fields: [...fields, secret('api_key', 'API key')]}) as const;

/** All integrations that can be connected. */
export const integrations: readonly Integration[] = [
  {
    name: 'ActiveCampaign',
    type: 'activecampaign',
    about: 'Contacts, lists, and tags',
    authentication: apiKey(text('api_url', 'API URL')),
    actions: {...pair('list'), ...tags, ...action('sync_contact', 'contact')},
  },
  {
    name: 'AWeber',
    type: 'aweber',
    about: 'Lists',
    authentication: oauth,
    actions: pair('list'),
  },
  {
    name: 'Customer.io',
    type: 'customer_io',
    about: 'People and their events',
    authentication: {
      type: 'api_key',
      fields: [text('region', 'Region'), secret('cdpApiKey', 'CDP API key')],
    },
    actions: action('track_event', 'event', 'event_name_override'),
  },
  {
    name: 'Discord',
    type: 'discord',
    about: 'Messages in a channel',
    authentication: oauth,
    actions: action('send_message', 'channel', 'id', 'title', 'template'),
  },
  {
    name: 'HubSpot',
    type: 'hubspot',
    about: 'Contacts and companies',
    authentication: oauth,
    actions: {...pair('list'), ...action('update_property', 'property', 'id', 'value')},
  },
  {
    name: 'Intercom',
    type: 'intercom',
    about: 'People and conversations',
    authentication: oauth,
    actions: tags,
  },
  {
    name: 'Mailchimp',
    type: 'mailchimp',
    about: 'Audience members',
    authentication: apiKey(text('data_center', 'Data center')),
    actions: pair('list'),
  },
  {
    name: 'MailerLite',
    type: 'mailerlite',
    about: 'Groups of subscribers',
    authentication: apiKey(),
    actions: pair('group'),
  },
  {
    name: 'Pipedrive',
    type: 'pipedrive',
    about: 'People and their labels',
    authentication: oauth,
    actions: {
      ...action('sync_person', 'person'),
      ...action('update_person_field', 'property', 'id', 'value'),
      ...action('add_label_to_person', 'label', 'id'),
      ...action('remove_label_from_person', 'label', 'id'),
    },
  },
  {
    name: 'Resend',
    type: 'resend',
    about: 'Email by template',
    authentication: apiKey(),
    actions: {
      ...pair('segment'),
      ...action('send_email_template', 'template', 'id', 'subject', 'from'),
    },
  },
  {
    name: 'SendGrid',
    type: 'sendgrid',
    about: 'Email',
    authentication: apiKey(),
    actions: {
      ...action('send_email_template', 'template', 'id', 'from', 'subject'),
      ...action('send_email', 'email', 'subject', 'from', 'body'),
    },
  },
  {
    name: 'Salesforce',
    type: 'salesforce',
    about: 'Leads and campaigns',
    authentication: oauth,
    actions: {...pair('campaign'), ...action('update_property', 'property', 'id', 'value')},
  },
  {
    name: 'Slack',
    type: 'slack',
    about: 'Messages in a channel',
    authentication: oauth,
    actions: action('send_message', 'channel', 'id', 'template'),
  },
  {
    name: 'Webhook',
    type: 'webhook',
    about: 'A request to a URL',
    authentication: {
      type: 'none',
      fields: [
        text('url', 'URL'),
        {key: 'auth_token', label: 'Token', type: 'password', required: false},
        {key: 'hmac_secret', label: 'Signing secret', type: 'password', required: false},
      ],
    },
    actions: action('send_webhook', 'webhook'),
  },
  {
    name: 'Zoom',
    type: 'zoom',
    about: 'Registrants of meetings and webinars',
    authentication: oauth,
    actions: {
      ...action('add_meeting_registrant', 'meeting', 'id'),
      ...action('add_webinar_registrant', 'webinar', 'id'),
    },
  },
];

const byType = new Map(integrations.map(integration => [integration.type, integration]));

/** Returns the integration of a type. A test checks that every type has one. */
export const integrationOf = (type: IntegrationType): Integration => byType.get(type)!;

export interface DestinationField {
  readonly key: string;
  readonly label: string;
  readonly type: 'string';
  readonly constraints?: {readonly format?: 'email' | 'phone'; readonly required?: boolean};
}

/** Field names of some destinations, for fields that the others name `first_name` and so on. */
const ownNames: Partial<Record<IntegrationType, Readonly<Record<string, string>>>> = {
  hubspot: {first_name: 'firstname', last_name: 'lastname'},
  mailchimp: {email: 'email_address', first_name: 'FNAME', last_name: 'LNAME', phone: 'PHONE'},
  salesforce: {email: 'Email', first_name: 'FirstName', last_name: 'LastName', phone: 'Phone'},
};

const contactFields = [
  {source: 'email', label: 'Email', constraints: {format: 'email'}},
  {source: 'first_name', label: 'First name', constraints: undefined},
  {source: 'last_name', label: 'Last name', constraints: undefined},
  {source: 'phone', label: 'Phone', constraints: {format: 'phone'}},
] as const;

/** Returns the fields of a destination, each with its usual payload field. */
export const destinationFields = (
  type: IntegrationType,
): readonly {readonly source: string; readonly field: DestinationField}[] =>
  contactFields.map(({source, label, constraints}) => ({
    source,
    field: {
      key: ownNames[type]?.[source] ?? source,
      label,
      type: 'string',
      ...(constraints ? {constraints} : {}),
    },
  }));
