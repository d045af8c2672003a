import type {MiddlewareHandler} from 'hono';
import {slow, unreachable} from './endpoint-faults.js';
import type {HostEnv} from './visitors.js';

/** In front of the two session endpoints: what the visitor has switched on goes wrong there. */
export const injectFaults: MiddlewareHandler<HostEnv> = async (c, next) => {
  const {faults} = c.var.visitor;
  if (faults.offline) return unreachable(c, next);
  const serve = async () => {
    if (faults.refreshFails && c.req.path.endsWith('/refresh')) {
      c.res = c.json({title: 'This failure was asked for.', status: 500}, 500);
    } else {
      await next();
    }
  };
  if (faults.slow) return slow(c, serve);
  await serve();
  return undefined;
};
