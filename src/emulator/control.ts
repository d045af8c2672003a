import {demoCredentials} from './credentials.js';
import type {EmulatorControl, FaultRule} from './emulator-types.js';
import {acceptEvent} from './event-request.js';
import type {EmulatorModel} from './state.js';

/** Creates the control of an emulator, for tests and demos. `/__emulator` offers the same over HTTP. */
export const createControl = (model: EmulatorModel): EmulatorControl => {
  const {clock, sessions, workspaces, faults, requests, embed} = model;
  return {
    state: (selector = {}) => ({
      now: clock.now(),
      clockOffsetMs: clock.offsetMs,
      requests: requests.counts(),
      faults: faults.list(),
      lifetimes: sessions
        .lifetimes()
        .map(({selector: selected, lifetimes}) => ({...selected, ...lifetimes})),
      embed: embed.settings(),
      sessions: sessions.list(selector).map(session => ({
        sessionId: session.id,
        externalUserId: session.externalUserId,
        workspaceId: session.workspaceId,
        role: session.role,
        sessionType: session.sessionType,
        status: session.status,
        expiresAt: session.expiresAt,
        isExpired: session.expiresAt <= clock.now(),
        launches: session.launches,
        refreshes: session.refreshes,
      })),
    }),
    reset: () => model.reset(),
    setClock: offsetMs => clock.setOffset(offsetMs),
    setLifetimes: (lifetimes, selector = {}) => sessions.setLifetimes(selector, lifetimes),
    clearLifetimes: (selector = {}) => sessions.clearLifetimes(selector),
    addFault: rule => faults.add(requireRoute(rule)),
    faults: () => faults.list(),
    clearFaults: (which = {}) => faults.clear(which),
    expire: (selector = {}, what = 'token') => sessions.expire(selector, what),
    revoke: (selector = {}) => {
      const selected = sessions.list(selector);
      for (const session of selected) sessions.revoke(session.id);
      return selected.length;
    },
    emit: ({event, payload, resource, resourceId, workspaceId}) =>
      acceptEvent(
        workspaces,
        {createdBy: 'urn:meshes:emulator', workspaceId: undefined},
        {
          event,
          payload,
          resource,
          resource_id: resourceId,
          workspace: workspaceId ?? demoCredentials.workspaceId,
        },
      ).id,
    setEmbed: settings => embed.change(settings),
  };
};

export const FAULT_ROUTE = /^(?:\*|GET|POST|PUT|PATCH|DELETE) \/\S*$/;
export const FAULT_ROUTE_PROBLEM =
  'must be a method (or *) and a path, such as "POST /api/v1/events".';

const requireRoute = (rule: FaultRule): FaultRule => {
  if (FAULT_ROUTE.test(rule.route)) return rule;
  throw new TypeError(`\`route\` ${FAULT_ROUTE_PROBLEM}`);
};
