import {randomUUID} from 'node:crypto';
import {conflict, tooEarly} from '../api-error.js';
import {mappingFails} from './mappings.js';
import {
  outcomeCodes,
  type Attempt,
  type Connection,
  type Delivery,
  type IntegrationType,
  type Mapping,
  type MeshesEvent,
  type OutcomeCode,
  type Rule,
  type Status,
} from './types.js';

/** Milliseconds after the event at which the attempts are complete. */
const completionTimes = [400, 1400, 3400] as const;
const attemptMs = 150;
/** A retry within this time before the next attempt is refused, because the attempt follows anyway. */
const imminentMs = 500;

export const ruleMatches = (rule: Rule, event: MeshesEvent): boolean =>
  rule.active &&
  rule.workspaceId === event.workspaceId &&
  rule.event === event.event &&
  (rule.resource === null || rule.resource === event.resource) &&
  (rule.resourceId === null || rule.resourceId === event.resourceId);

export const planDelivery = (
  event: MeshesEvent,
  rule: Rule,
  connection: Connection,
  mapping: Mapping | undefined,
): Delivery => ({
  id: randomUUID(),
  eventId: event.id,
  ruleId: rule.id,
  connectionId: connection.id,
  type: connection.type,
  ruleName: ruleName(rule),
  connectionName: connection.name,
  attempts: planOutcomes(event, connection, mapping).map((outcome, index) =>
    createAttempt(index + 1, event.createdAt + completionTimes[index]! - attemptMs, outcome),
  ),
  canceledAt: null,
});

/** Returns the label of a rule from its metadata: rules have no name. */
export const ruleName = ({metadata, event}: Rule): string =>
  typeof metadata.name === 'string' ? metadata.name : `${metadata.action} on ${event}`;

const createAttempt = (number: number, startedAt: number, outcome: OutcomeCode): Attempt => ({
  id: randomUUID(),
  number,
  startedAt,
  completedAt: startedAt + attemptMs,
  outcome,
  ...answers[outcome],
});

const answers: Record<OutcomeCode, Pick<Attempt, 'httpStatus' | 'message'>> = {
  delivered: {httpStatus: 200, message: 'Accepted'},
  rejected_client_error: {httpStatus: 422, message: 'The destination requires an email address'},
  rejected_server_error: {httpStatus: 503, message: 'The destination is not available'},
  rate_limited: {httpStatus: 429, message: 'The destination received too many requests'},
  auth_failed: {httpStatus: 401, message: 'The destination refused the credentials'},
  timeout: {httpStatus: null, message: 'The destination did not answer in time'},
  network_error: {httpStatus: null, message: 'The destination could not be reached'},
  mapping_error: {httpStatus: null, message: 'The mapping could not be applied to the payload'},
  internal_error: {httpStatus: null, message: 'The delivery failed because of an internal error'},
};

const needsEmail: ReadonlySet<IntegrationType> = new Set([
  'hubspot',
  'salesforce',
  'mailchimp',
  'intercom',
]);
/** Outcomes after which another attempt would have the same outcome. */
const final: ReadonlySet<OutcomeCode> = new Set([
  'delivered',
  'rejected_client_error',
  'auth_failed',
  'mapping_error',
]);

/**
 * Decides the outcomes of all attempts when the event is accepted. They depend on the event, the connection, and its mapping only, so
 * the same event always has the same outcome. `payload.simulate` sets an outcome: see docs/emulator-reference.md.
 */
const planOutcomes = (
  event: MeshesEvent,
  connection: Connection,
  mapping: Mapping | undefined,
): readonly OutcomeCode[] => {
  if (event.payload.simulate === 'retry') {
    const last = outcomeOf(event, connection, mapping);
    if (last === 'delivered') return ['rejected_server_error', 'rejected_server_error', last];
  }
  const outcome = outcomeOf(event, connection, mapping);
  return final.has(outcome) ? [outcome] : completionTimes.map(() => outcome);
};

const outcomeOf = (
  event: MeshesEvent,
  connection: Connection,
  mapping: Mapping | undefined,
): OutcomeCode => {
  const {simulate} = event.payload;
  if (connection.inactiveReason !== null) return 'auth_failed';
  if (mapping && mappingFails(mapping.schema, event.payload)) return 'mapping_error';
  if (needsEmail.has(connection.type) && typeof event.payload.email !== 'string') {
    return 'rejected_client_error';
  }
  if (simulate === 'fail') return 'rejected_server_error';
  return outcomeCodes.find(code => code === simulate) ?? 'delivered';
};

/** Returns the attempts that are complete at `now`. */
export const attemptsUntil = (delivery: Delivery, now: number): readonly Attempt[] =>
  delivery.attempts.filter(attempt => attempt.completedAt <= now);

/** Returns the start of the attempts, and the end of the delivery. */
export const deliveryTimes = (
  delivery: Delivery,
  now: number,
): {startedAt: number | null; completedAt: number | null} => {
  const isOver = isTerminal(deliveryStatus(delivery, now));
  const last = attemptsUntil(delivery, now).at(-1);
  const [first] = delivery.attempts;
  return {
    startedAt: first && first.startedAt <= now ? first.startedAt : null,
    completedAt: isOver ? (delivery.canceledAt ?? last?.completedAt ?? null) : null,
  };
};

export const deliveryStatus = (delivery: Delivery, now: number): Status => {
  if (delivery.canceledAt !== null) return 'canceled';
  const started = delivery.attempts.filter(attempt => attempt.startedAt <= now);
  const last = started.at(-1);
  if (!last) return 'pending';
  if (last.completedAt > now) return 'processing';
  if (last.outcome === 'delivered') return 'completed';
  return started.length < delivery.attempts.length ? 'retrying' : 'failed';
};

export const isTerminal = (status: Status): boolean =>
  status === 'completed' || status === 'failed' || status === 'canceled';

/** Returns the status of an event from the statuses of its deliveries. Without a matching rule, it is complete. */
export const combineStatuses = (statuses: readonly Status[]): Status => {
  const all = (wanted: Status): boolean =>
    statuses.length > 0 && statuses.every(status => status === wanted);
  if (all('pending')) return 'pending';
  if (all('canceled')) return 'canceled';
  if (statuses.includes('retrying')) return 'retrying';
  if (!statuses.every(isTerminal)) return 'processing';
  return statuses.includes('failed') ? 'failed' : 'completed';
};

/**
 * Makes the next attempt now, or adds one to a failed delivery.
 *
 * @throws 425 while an attempt is imminent or in progress, 409 if the delivery is complete or canceled
 */
export const retryDelivery = (
  delivery: Delivery,
  event: MeshesEvent,
  connection: Connection | undefined,
  mapping: Mapping | undefined,
  now: number,
): Delivery => {
  const status = deliveryStatus(delivery, now);
  if (status === 'pending' || status === 'processing') {
    throw tooEarly('An attempt is imminent or in progress.');
  }
  if (status === 'retrying') {
    const next = delivery.attempts.find(attempt => attempt.startedAt > now)!;
    const early = next.startedAt - now;
    if (early <= imminentMs) throw tooEarly('The next attempt is imminent.');
    return {
      ...delivery,
      attempts: delivery.attempts.map(attempt =>
        attempt.startedAt > now
          ? {
              ...attempt,
              startedAt: attempt.startedAt - early,
              completedAt: attempt.completedAt - early,
            }
          : attempt,
      ),
    };
  }
  if (status !== 'failed') throw conflict(`The delivery is ${status}: there is nothing to retry.`);
  if (!connection) throw conflict('The connection of this delivery was deleted.');
  const outcome = outcomeOf(event, connection, mapping);
  const attempt = createAttempt(delivery.attempts.length + 1, now, outcome);
  return {...delivery, attempts: [...delivery.attempts, attempt]};
};

/** Cancels further attempts, but not one in progress. @throws 409 if the delivery has ended */
export const cancelDelivery = (delivery: Delivery, now: number): Delivery => {
  const status = deliveryStatus(delivery, now);
  if (isTerminal(status)) throw conflict(`The delivery is ${status}: there is nothing to cancel.`);
  return {
    ...delivery,
    attempts: delivery.attempts.filter(attempt => attempt.startedAt <= now),
    canceledAt: now,
  };
};
