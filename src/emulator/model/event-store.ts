import {randomUUID} from 'node:crypto';
import {conflict} from '../api-error.js';
import type {Clock} from './clock.js';
import {
  attemptsUntil,
  cancelDelivery,
  combineStatuses,
  deliveryStatus,
  isTerminal,
  planDelivery,
  retryDelivery,
  ruleMatches,
} from './deliveries.js';
import {type Filter, fits, found, replace} from './records.js';
import type {Connection, Delivery, Mapping, MeshesEvent, Rule, Status} from './types.js';

/** Maximum number of events of a workspace. Older ones are removed, to limit the memory of a long run. */
const maxEvents = 2000;

/** The content of the store, as JSON. */
export interface EventData {
  /** Events, newest first. */
  readonly events: readonly MeshesEvent[];
  readonly deliveries: readonly Delivery[];
}

export type NewEvent = Omit<MeshesEvent, 'id' | 'createdAt'>;

/** What deliveries depend on. */
export interface DeliverySources {
  rules(workspaceId: string): readonly Rule[];
  findConnection(id: string): Connection | undefined;
  storedMapping(connectionId: string): Mapping | undefined;
  /** An event was added, or a delivery changed. */
  changed(workspaceId: string): void;
}

/** Events and their deliveries, in memory. Lists are newest first. */
export class EventStore {
  readonly #clock: Clock;
  readonly #sources: DeliverySources;
  #events: readonly MeshesEvent[] = [];
  /** Deliveries, by event. */
  readonly #deliveries = new Map<string, readonly Delivery[]>();
  /** Events whose last attempt may be in the future, by workspace. */
  readonly #unsettled = new Map<string, Set<string>>();

  constructor(clock: Clock, sources: DeliverySources) {
    this.#clock = clock;
    this.#sources = sources;
  }

  dump(): EventData {
    return {events: this.#events, deliveries: [...this.#deliveries.values()].flat()};
  }

  load({events, deliveries}: EventData): void {
    this.#events = events;
    this.#deliveries.clear();
    this.#unsettled.clear();
    const byEvent = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      byEvent.set(delivery.eventId, [...(byEvent.get(delivery.eventId) ?? []), delivery]);
    }
    for (const event of events) this.#setDeliveries(event, byEvent.get(event.id) ?? []);
  }

  /** Returns the number of attempts until now, of the events of a workspace that are not settled. */
  attempted(workspaceId: string): number {
    const now = this.#clock.now();
    const unsettled = this.#unsettled.get(workspaceId) ?? new Set();
    let happened = 0;
    for (const eventId of unsettled) {
      const deliveries = this.deliveries(eventId);
      if (deliveries.every(delivery => isTerminal(deliveryStatus(delivery, now)))) {
        unsettled.delete(eventId);
        this.#sources.changed(workspaceId);
        continue;
      }
      for (const delivery of deliveries) {
        happened += attemptsUntil(delivery, now).length;
        happened += delivery.attempts.filter(({startedAt}) => startedAt <= now).length;
      }
    }
    return happened;
  }

  add(fields: NewEvent): MeshesEvent {
    const event = {...fields, id: randomUUID(), createdAt: this.#clock.now()};
    this.accept(event);
    this.#sources.changed(event.workspaceId);
    return event;
  }

  /** Adds an event with its deliveries, without a change of the revision. */
  accept(event: MeshesEvent): void {
    const {workspaceId} = event;
    const deliveries = this.#sources
      .rules(workspaceId)
      .filter(rule => ruleMatches(rule, event))
      .map(rule => {
        const {connectionId} = rule;
        const connection = found(this.#sources.findConnection(connectionId), 'connection');
        return planDelivery(event, rule, connection, this.#sources.storedMapping(connectionId));
      });
    this.#events = [event, ...this.#events];
    const own = this.list({workspaceId});
    if (own.length > maxEvents) {
      const oldest = own.at(-1)!;
      this.#events = this.#events.filter(candidate => candidate !== oldest);
      this.#deliveries.delete(oldest.id);
      this.#unsettled.get(workspaceId)?.delete(oldest.id);
    }
    this.#setDeliveries(event, deliveries);
  }

  list(filter: Filter & {readonly status?: Status | undefined} = {}): readonly MeshesEvent[] {
    const {status} = filter;
    return this.#events.filter(
      event => fits(event, filter) && (status === undefined || status === this.status(event.id)),
    );
  }

  get(id: string, filter: Filter = {}): MeshesEvent {
    return found(
      this.#events.find(event => event.id === id && fits(event, filter)),
      'event',
    );
  }

  /** Returns the combined status of the deliveries of an event. */
  status(eventId: string): Status {
    const now = this.#clock.now();
    return combineStatuses(this.deliveries(eventId).map(delivery => deliveryStatus(delivery, now)));
  }

  deliveries(eventId: string): readonly Delivery[] {
    return this.#deliveries.get(eventId) ?? [];
  }

  /** Returns the delivery of an event by a rule. */
  delivery(event: MeshesEvent, ruleId: string): Delivery {
    return found(
      this.deliveries(event.id).find(delivery => delivery.ruleId === ruleId),
      'rule of this event',
    );
  }

  /** Retries a delivery. @throws 425 or 409: see `retryDelivery` */
  retry(event: MeshesEvent, ruleId: string): Delivery {
    const delivery = this.delivery(event, ruleId);
    const {connectionId} = delivery;
    return this.#changeDelivery(
      event,
      retryDelivery(
        delivery,
        event,
        this.#sources.findConnection(connectionId),
        this.#sources.storedMapping(connectionId),
        this.#clock.now(),
      ),
    );
  }

  /** Cancels a delivery. @throws 409 if it has ended */
  cancel(event: MeshesEvent, ruleId: string): Delivery {
    return this.#changeDelivery(
      event,
      cancelDelivery(this.delivery(event, ruleId), this.#clock.now()),
    );
  }

  /** Cancels every delivery that has not ended. @throws 409 if all have */
  cancelAll(event: MeshesEvent): void {
    const now = this.#clock.now();
    const open = this.deliveries(event.id).filter(
      delivery => !isTerminal(deliveryStatus(delivery, now)),
    );
    if (open.length === 0) throw conflict('Every delivery of this event has ended.');
    for (const delivery of open) this.#changeDelivery(event, cancelDelivery(delivery, now));
  }

  #changeDelivery(event: MeshesEvent, changed: Delivery): Delivery {
    this.#setDeliveries(event, replace(this.deliveries(event.id), changed));
    this.#sources.changed(event.workspaceId);
    return changed;
  }

  #setDeliveries({id, workspaceId}: MeshesEvent, deliveries: readonly Delivery[]): void {
    this.#deliveries.set(id, deliveries);
    if (deliveries.length === 0) return;
    const unsettled = this.#unsettled.get(workspaceId) ?? new Set();
    this.#unsettled.set(workspaceId, unsettled.add(id));
  }
}
