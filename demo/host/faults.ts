import {setTimeout as delay} from 'node:timers/promises';
import {RESPONSE_ALREADY_SENT} from '@hono/node-server/utils/response';
import type {MiddlewareHandler} from 'hono';
import type {HostEnv} from './visitors.js';

const SLOW_MS = 5000;

/** In front of the two session endpoints: what the visitor has switched on goes wrong there. */
export const injectFaults: MiddlewareHandler<HostEnv> = async (c, next) => {
  const {faults} = c.var.visitor;
  if (faults.offline) {
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  if (faults.slow) await delay(SLOW_MS, undefined, {ref: false});
  if (faults.refreshFails && c.req.path.endsWith('/refresh')) {
    return c.json({title: 'This failure was asked for.', status: 500}, 500);
  }
  await next();
  return undefined;
};
