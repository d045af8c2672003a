import {csrfLayerOf} from './csrf.js';
import type {Endpoint, User} from './endpoint.js';
import type {Answer, Reply} from './exchange.js';
import {NotCheckable} from './outcome.js';
import {describe, type Fields, fieldsOf, holdsSession, isSuccess} from './reply.js';

export interface Session {
  id: string;
  fields: Fields;
  answer: Answer;
}

/** Sessions that the probes share. Each is created once. */
export class Sessions {
  readonly #endpoint: Endpoint;
  readonly #cache = new Map<string, Promise<Reply>>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Returns the response to the first request for a new session. */
  created(user: User = 'user'): Promise<Reply> {
    return this.#once(`create ${user}`, () => this.#endpoint.post({}, {user}));
  }

  /** Returns the session of a user. @throws NotCheckable if the user receives none */
  async of(user: User = 'user'): Promise<Session> {
    const reply = await this.created(user);
    const fields = fieldsOf(reply);
    if (
      reply.kind === 'answer' &&
      isSuccess(reply) &&
      holdsSession(reply) &&
      typeof fields.session_id === 'string'
    ) {
      return {id: fields.session_id, fields, answer: reply};
    }
    throw new NotCheckable(this.#reason(reply, user));
  }

  /** Returns the response to the first refresh of the user's session. */
  async refreshed(): Promise<Reply> {
    const {id} = await this.of();
    return this.#once('refresh', () => this.#endpoint.post({session_id: id}));
  }

  /** Returns the fields of the first refresh. @throws NotCheckable if the refresh failed */
  async refresh(): Promise<Fields> {
    const reply = await this.refreshed();
    if (isSuccess(reply) && holdsSession(reply)) return fieldsOf(reply);
    throw new NotCheckable('The refresh failed: see refresh-answers.');
  }

  #once(key: string, send: () => Promise<Reply>): Promise<Reply> {
    let reply = this.#cache.get(key);
    if (!reply) this.#cache.set(key, (reply = send()));
    return reply;
  }

  #reason(reply: Reply, user: User): string {
    if (user === 'other') {
      return this.#endpoint.settings.otherCookie === undefined
        ? 'Requires a second user. Pass --other-cookie.'
        : `The user of --other-cookie receives no session (${describe(reply)}).`;
    }
    if (!this.#endpoint.hasUser) return 'Requires a signed-in user. Pass --cookie or --header.';
    const layer = reply.kind === 'answer' ? csrfLayerOf(reply) : undefined;
    return layer
      ? `The CSRF layer of ${layer.name} answered first: see csrf-layer.`
      : 'The user receives no session: see session-created.';
  }
}
