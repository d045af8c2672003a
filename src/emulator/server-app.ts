import type {HttpBindings} from '@hono/node-server';
import {RESPONSE_ALREADY_SENT} from '@hono/node-server/utils/response';
import {Hono, type Context, type MiddlewareHandler} from 'hono';
import type {ContentfulStatusCode} from 'hono/utils/http-status';
import {ApiError, notFound} from './api-error.js';
import type {FaultRule} from './emulator-types.js';
import type {Subject} from './model/faults.js';
import type {EmulatorModel} from './state.js';

export type Env = {Bindings: HttpBindings};

/**
 * Creates a hono app with the common parts of both servers: `no-store`, the `Date` of the moved clock, faults, counts, and error responses.
 *
 * @param browserPaths paths to which pages of any origin may POST, and whose responses they may read, including faults and errors
 */
export const createServerApp = (
  state: EmulatorModel,
  identify: (c: Context<Env>) => Promise<Subject>,
  browserPaths: ReadonlySet<string> = new Set(),
): Hono<Env> => {
  const app = new Hono<Env>();
  app.use('*', async (c, next) => {
    await next();
    // A host that computes a token's lifetime from expires_at needs the same clock.
    c.res.headers.set('Date', new Date(state.clock.now()).toUTCString());
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
    if (browserPaths.has(c.req.path) && ['POST', 'OPTIONS'].includes(c.req.method)) {
      c.res.headers.set('Access-Control-Allow-Origin', '*');
      c.res.headers.set('Access-Control-Expose-Headers', 'Date, Retry-After');
    }
    if (!c.req.path.startsWith('/__emulator/')) {
      state.requests.record(c.req.method, c.req.path, c.res.status);
    }
  });
  app.use('*', faultGate(state, identify));
  app.notFound(c =>
    c.json(notFound(`There is no ${c.req.method} ${c.req.path} here.`).toJSON(), 404),
  );
  app.onError((error, c) => {
    if (error instanceof ApiError) {
      return c.json(error.toJSON(), error.status as ContentfulStatusCode);
    }
    console.error(error);
    return c.json(
      new ApiError(
        500,
        'InternalError',
        'The emulator failed because of a bug. Its log has the error.',
      ).toJSON(),
      500,
    );
  });
  return app;
};

const faultGate =
  (state: EmulatorModel, identify: (c: Context<Env>) => Promise<Subject>): MiddlewareHandler<Env> =>
  async (c, next) => {
    const {method, path} = c.req;
    const isControl = path.startsWith('/__emulator/');
    if (isControl || method === 'OPTIONS' || !state.faults.concern(method, path)) {
      return next();
    }
    const fault = state.faults.take(method, path, await identify(c));
    if (fault?.delayMs !== undefined) await delay(fault.delayMs);
    if (fault?.disconnect) {
      c.env.outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    if (fault?.status !== undefined) {
      c.res = faultAnswer(fault, fault.status);
    } else {
      await next();
    }
    for (const [name, value] of Object.entries(fault?.headers ?? {})) {
      c.res.headers.set(name, value);
    }
    return undefined;
  };

const faultAnswer = (fault: FaultRule, status: number): Response => {
  const headers = new Headers({'Content-Type': 'application/json'});
  if (fault.retryAfter !== undefined) headers.set('Retry-After', fault.retryAfter);
  const hasBody = status !== 204 && status !== 304;
  const body =
    fault.body ??
    JSON.stringify(new ApiError(status, 'Fault', `A fault of the emulator caused this ${status}.`));
  return new Response(hasBody ? body : null, {status, headers});
};

const delay = (ms: number): Promise<void> =>
  new Promise(resolve => {
    // A delayed response must not keep the process of a closed emulator alive.
    setTimeout(resolve, ms).unref();
  });
