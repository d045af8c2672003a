import type {MiddlewareHandler} from 'hono';
import {slow, unreachable} from './endpoint-faults.js';
import type {HostEnv} from './visitors.js';

/** Causes the failures that the visitor has switched on, before the two session endpoints. */
export const injectFaults: MiddlewareHandler<HostEnv> = async (c, next) => {
  const {faults} = c.var.visitor;
  if (faults.offline) return unreachable(c, next);
  const serve = async () => {
    if (faults.refreshFails && c.req.path.endsWith('/refresh')) {
      c.res = c.json({title: 'The demo caused this failure.', status: 500}, 500);
    } else {
      await next();
    }
  };
  if (faults.slow) return slow(c, serve);
  await serve();
  return undefined;
};
