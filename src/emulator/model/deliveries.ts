import type {Attempt, Connection, Delivery, DeliveryStatus, MeshesEvent, Rule} from './types.js';

/** Milliseconds after the event at which the attempts take place. */
const attemptTimes = [400, 1400, 3400] as const;

export const ruleMatches = (rule: Rule, event: MeshesEvent): boolean => {
  if (rule.workspaceId !== event.workspaceId) return false;
  if (rule.resource !== null && rule.resource !== event.resource) return false;
  if (rule.resourceId !== null && rule.resourceId !== event.resourceId) return false;
  return rule.event.endsWith('*')
    ? event.event.startsWith(rule.event.slice(0, -1))
    : event.event === rule.event;
};

/**
 * What will come of a delivery is decided when the event is accepted, from the event and the
 * connection alone, so that the same event always ends the same way:
 *
 * - a connection that needs attention answers 401, once;
 * - a contact provider answers 422, once, to an event without `payload.email`;
 * - `payload.simulate` `"retry"` fails twice with 503 and then succeeds, `"fail"` fails three times;
 * - everything else succeeds at once.
 */
export const planDelivery = (event: MeshesEvent, rule: Rule, connection: Connection): Delivery => ({
  id: `dlv_${event.id.slice(0, 8)}_${rule.id.replace(/^rul_/, '')}`,
  eventId: event.id,
  ruleId: rule.id,
  ruleName: rule.name,
  connectionName: connection.name,
  provider: connection.provider,
  schedule: plan(event, connection).map((answer, index) => ({
    ...answer,
    number: index + 1,
    at: event.createdAt + (attemptTimes[index] ?? 0),
  })),
});

type Answer = Pick<Attempt, 'outcome' | 'status' | 'message'>;

const needsEmail = new Set(['hubspot', 'salesforce', 'mailchimp', 'intercom']);
const accepted: Answer = {outcome: 'succeeded', status: 200, message: 'Accepted'};
const unavailable: Answer = {
  outcome: 'failed',
  status: 503,
  message: 'The provider is not available',
};

const plan = (event: MeshesEvent, connection: Connection): readonly Answer[] => {
  if (connection.status === 'needs_attention') {
    return [{outcome: 'failed', status: 401, message: 'The provider refused our credentials'}];
  }
  if (needsEmail.has(connection.provider) && typeof event.payload.email !== 'string') {
    return [{outcome: 'failed', status: 422, message: 'The provider needs an email address'}];
  }
  switch (event.payload.simulate) {
    case 'retry':
      return [unavailable, unavailable, accepted];
    case 'fail':
      return [unavailable, unavailable, unavailable];
    default:
      return [accepted];
  }
};

/** The attempts that have taken place by `now`. */
export const attemptsUntil = (delivery: Delivery, now: number): readonly Attempt[] =>
  delivery.schedule.filter(attempt => attempt.at <= now);

export const deliveryStatus = (delivery: Delivery, now: number): DeliveryStatus => {
  const attempts = attemptsUntil(delivery, now);
  const last = attempts.at(-1);
  if (!last) return 'pending';
  if (last.outcome === 'succeeded') return 'succeeded';
  return attempts.length < delivery.schedule.length ? 'retrying' : 'failed';
};
