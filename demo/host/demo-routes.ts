import {Hono, type Context} from 'hono';
import {HTTPException} from 'hono/http-exception';
import type {MeshesServer} from 'meshes-workspace/server';
import * as z from 'zod/mini';
import {controls} from './controls.js';
import {createEmulatorControl} from './emulator-control.js';
import type {MeshesTarget} from './meshes-target.js';
import {
  noFaults,
  userOf,
  type AccountName,
  type Faults,
  type HostEnv,
  type User,
} from './visitors.js';

const SHORT_TOKEN_S = 15;

/** State for the page. The publishable key is intended for browsers. */
export interface DemoState {
  readonly user: Pick<User, 'account' | 'name' | 'company' | 'publishableKey'> | null;
  readonly account: AccountName;
  readonly faults: Readonly<Faults>;
  readonly eventsUrl: string;
}

export const demoState = (
  {var: {visitor, user}}: Context<HostEnv>,
  eventsUrl: string,
): DemoState => ({
  user: user && {
    account: user.account,
    name: user.name,
    company: user.company,
    publishableKey: user.publishableKey,
  },
  account: visitor.account,
  faults: visitor.faults,
  eventsUrl,
});

/** Creates the routes of the controls, at `/demo`. Each returns the new state. */
export const createDemoRoutes = (
  {workspaces, controlUrl, eventsUrl}: MeshesTarget,
  meshes: Pick<MeshesServer, 'list' | 'revoke'>,
): Hono<HostEnv> => {
  const emulator = controlUrl === undefined ? undefined : createEmulatorControl(controlUrl);
  const routes = new Hono<HostEnv>();
  const answer = (c: Context<HostEnv>) => {
    const {visitor} = c.var;
    c.set('user', visitor.faults.signedOut ? null : userOf(visitor, workspaces));
    return c.json(demoState(c, eventsUrl));
  };

  // Pages of other sites cannot send this type without a preflight.
  routes.use('*', async (c, next) => {
    if (c.req.header('content-type') !== 'application/json') {
      throw new HTTPException(415, {message: 'The controls accept JSON only.'});
    }
    await next();
  });

  routes.post('/switch', async c => {
    const {name, on} = read(switchSchema, await readJson(c));
    const {visitor} = c.var;
    visitor.faults[name] = on;
    if (name === 'shortTokens') {
      await emulator?.setTokenLifetime(userOf(visitor, workspaces).id, on ? SHORT_TOKEN_S : null);
    }
    return answer(c);
  });

  routes.post('/account', async c => {
    const {visitor} = c.var;
    visitor.account = read(accountSchema, await readJson(c)).account;
    visitor.faults.signedOut = false;
    if (visitor.faults.shortTokens) {
      await emulator?.setTokenLifetime(userOf(visitor, workspaces).id, SHORT_TOKEN_S);
    }
    return answer(c);
  });

  routes.post('/expire-token', async c => {
    await emulator?.expireTokens(userOf(c.var.visitor, workspaces).id);
    return answer(c);
  });

  routes.post('/revoke-session', async c => {
    const {id, workspaceId} = userOf(c.var.visitor, workspaces);
    const {records} = await meshes.list({workspaceId, status: 'active', limit: 200});
    // A backend does this when it locks out a user: it lists the sessions, and ends those of the user.
    for (const {session_id, external_user_id} of records) {
      if (external_user_id === id) await meshes.revoke(session_id);
    }
    return answer(c);
  });

  routes.post('/reset', async c => {
    const {visitor} = c.var;
    for (const account of ['jonas', 'mia'] as const) {
      visitor.account = account;
      await emulator?.setTokenLifetime(userOf(visitor, workspaces).id, null);
    }
    visitor.faults = noFaults();
    return answer(c);
  });

  return routes;
};

const switches = controls.flatMap(control => ('then' in control ? [control.name] : []));
const switchSchema = z.strictObject({name: z.enum(switches), on: z.boolean()});
const accountSchema = z.strictObject({account: z.enum(['mia', 'jonas'])});

// A body that is not JSON is refused below.
const readJson = (c: Context): Promise<unknown> => c.req.json().catch(() => null);

const read = <T>(schema: z.ZodMiniType<T>, value: unknown): T => {
  const result = z.safeParse(schema, value);
  if (!result.success) throw new HTTPException(400, {message: 'There is no such control.'});
  return result.data;
};
