import type {Provider} from './types.js';

/** The providers that a connection can be set up with by OAuth. */
export const providers: readonly {
  readonly key: Provider;
  readonly name: string;
  readonly about: string;
}[] = [
  {key: 'hubspot', name: 'HubSpot', about: 'Contacts and companies'},
  {key: 'salesforce', name: 'Salesforce', about: 'Leads and opportunities'},
  {key: 'slack', name: 'Slack', about: 'Messages in a channel'},
  {key: 'mailchimp', name: 'Mailchimp', about: 'Audience members'},
  {key: 'intercom', name: 'Intercom', about: 'People and conversations'},
];

export const providerName = (key: Provider): string =>
  providers.find(provider => provider.key === key)?.name ?? 'Webhook';
