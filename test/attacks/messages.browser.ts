/**
 * Generated messages, hostile and friendly, from every place at once, to a real element with a real frame, while its provider
 * answers, fails and hesitates as it is told to. A failure prints its seed and the shortest course that it found:
 * `MESHES_FUZZ_SEED=… npx wtr --files test/attacks/messages.browser.ts` runs it again.
 */
import {expect} from '@open-wc/testing';
import fc from 'fast-check';
import {MeshesError} from '../../src/element/index.js';
import {transition} from '../../src/session/machine.js';
import {
  arrivals,
  type Attacker,
  attackingFrame,
  command,
  dismissAttackers,
  hostileLaunchUrl,
  otherPortOrigin,
  stage,
} from '../support/attackers.js';
import {ALL_EVENTS, snapshotsOf, STATES} from '../support/session-events.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

afterEach(cleanUp);
afterEach(dismissAttackers);

const TYPES = ['ready', 'token-refresh', 'token-expired', 'navigate', 'resize'].map(
  name => `meshes:${name}`,
);

/* What the machine allows, asked from the machine itself. */

/** `ready → refreshing` and so on; an element that restarts passes through `idle` unseen. */
const legal = new Set<string>();
for (const state of STATES) {
  for (const at of snapshotsOf(state)) {
    for (const event of ALL_EVENTS) legal.add(`${state} → ${transition(at, event)[0].state}`);
  }
  legal.add(`${state} → idle`).add(`${state} → minting`);
}

/* What is said, by whom. */

/** Values that can be posted: `Object.create(null)` and the like included, functions and symbols not. */
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withBoxedValues: true,
  withNullPrototype: true,
  maxDepth: 2,
  maxKeys: 3,
});
const type = fc.oneof(
  {weight: 12, arbitrary: fc.constantFrom(...TYPES)},
  {weight: 1, arbitrary: fc.constantFrom('meshes:auth', 'meshes:', 'MESHES:READY', '__proto__')},
  {weight: 1, arbitrary: anything},
);
const height = fc.oneof(fc.nat(3000), fc.double(), anything);
const path = fc.oneof(
  fc.webPath().map(text => `/${text}`),
  fc.constantFrom('javascript:alert(1)', '//evil.example', '/\\evil.example', '/workspace/rules'),
  anything,
);
const message = fc.oneof(
  {weight: 6, arbitrary: fc.record({type, height, path, data: anything}, {requiredKeys: ['type']})},
  {weight: 2, arbitrary: fc.record({type})},
  {weight: 2, arbitrary: anything},
);
const WHO = ['frame', 'sibling', 'neighbour', 'nobody'] as const;
const remark = fc.record({
  who: fc.oneof({weight: 3, arbitrary: fc.constant('frame' as const)}, fc.constantFrom(...WHO)),
  message,
});
/** A token with a lifetime in seconds, another session's token, a failure. */
const answer = fc.constantFrom(
  {expires_in: 1800},
  {expires_in: 1800},
  {expires_in: 0.001},
  {},
  {session_id: 'of somebody else'},
  {access_token: 7},
  'endpoint_server',
  'endpoint_network',
  'endpoint_forbidden',
  'session_revoked',
);
const scene = fc.record({
  remarks: fc.array(remark, {minLength: 50, maxLength: 80}),
  answers: fc.array(answer, {minLength: 1, maxLength: 6}),
  page: fc.constantFrom('nothing', 'refresh', 'wake', 'online', 'reload'),
});
const COURSE = 5;
const course = fc.array(scene, {minLength: COURSE, maxLength: COURSE});
const MESSAGES_PER_COURSE = COURSE * 50;
const total = stage.messages ?? 10_000;

/** The copy that the other side gets; a few values have none. */
function isClonable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

describe('generated messages', () => {
  const attackers = {} as Record<Exclude<(typeof WHO)[number], 'frame'>, Attacker>;
  let count = 0;
  let issued = 0;

  /** A workspace whose provider answers as the scenes say. */
  function stageWorkspace() {
    const answers: Scene['answers'][number][] = [];
    const tokens: string[] = [];
    const serve = (sessionId: string | null) => {
      const next = answers.shift() ?? {expires_in: 1800};
      if (typeof next === 'string')
        throw new MeshesError(next as 'endpoint_server', 'refresh', 'As told.');
      const token = `token-${(issued += 1)}`;
      const result = {
        ...sessionAnswer({
          access_token: token,
          expires_in: undefined,
          launch_url: hostileLaunchUrl(),
        }),
        ...next,
      };
      if (sessionId === null || result.session_id === sessionId) tokens.push(token);
      return result;
    };
    const workspace = createWorkspace({
      sessionProvider: {mint: ({sessionId}) => serve(sessionId)},
    });
    return {workspace, answers, tokens};
  }

  async function play(workspace: Workspace, {remarks, page}: Scene) {
    const {element} = workspace;
    const window = workspace.frame()?.contentWindow;
    const frame = window && command(window, '');
    const parts: Promise<unknown>[] = [];
    for (const who of WHO) {
      const messages = remarks.filter(each => each.who === who).map(each => each.message);
      const speaker = who === 'frame' ? frame : attackers[who];
      count += speaker ? messages.length : 0;
      // A frame that is about to be replaced may be gone before it has spoken.
      const said = speaker?.say(...messages);
      if (said && !(who === 'frame' && page === 'reload')) parts.push(said);
    }
    if (page === 'refresh') element.refresh().catch(() => {});
    if (page === 'reload') element.reload().catch(() => {});
    if (page === 'wake') document.dispatchEvent(new Event('visibilitychange'));
    if (page === 'online') dispatchEvent(new Event('online'));
    await Promise.all(parts);
  }

  it('survives generated messages without an error, an illegal transition or a leaked token', async function () {
    this.timeout(total * 10 + 30_000);
    attackers.sibling = await attackingFrame();
    attackers.neighbour = await attackingFrame({origin: otherPortOrigin});
    attackers.nobody = await attackingFrame({sandbox: 'allow-scripts'});
    const problems: string[] = [];
    const taken = new Set<string>();
    addEventListener('error', event => problems.push(event.message));
    addEventListener('unhandledrejection', ({reason}) => problems.push(String(reason)));
    const {random} = Math;
    Math.random = () => 0;

    const property = fc.asyncProperty(course, async scenes => {
      const clonable = scenes.map(each => ({
        ...each,
        remarks: each.remarks.filter(remark => isClonable(remark.message)),
      }));
      const {workspace, answers, tokens} = stageWorkspace();
      const {element} = workspace;
      await workspace.event('meshes-ready');
      try {
        for (const each of clonable) {
          // A frame that is on its way has nobody in it yet who could speak.
          await element.whenReady().catch(() => {});
          if (element.state === 'failed') {
            answers.length = 0;
            await element.reload();
          }
          answers.push(...each.answers);
          await play(workspace, each);
          await element.updateComplete;
        }
        expect(problems, 'uncaught errors').to.deep.equal([]);
        const steps = workspace.events
          .filter(({type}) => type === 'meshes-state-change')
          .map(({detail}) => `${String(detail.previousState)} → ${String(detail.state)}`);
        expect(
          steps.filter(step => !legal.has(step)),
          'illegal transitions',
        ).to.deep.equal([]);
        for (const [index, step] of steps.entries()) {
          taken.add(step);
          const before = steps[index - 1]?.split(' → ')[1] ?? 'idle';
          expect(step.split(' → ')[0], 'a gap').to.equal(before);
        }
        const heard = workspace.heard as {type: string; token: string}[];
        for (const {type, token} of heard) {
          expect(type).to.equal('meshes:auth');
          expect(tokens, 'a token of this session').to.include(token);
        }
        for (const [who, attacker] of Object.entries(attackers)) {
          expect(await attacker.told(), `what ${who} was told`).to.deep.equal([]);
        }
        const {height} = workspace.frame()?.style ?? {height: ''};
        if (height) expect(parseFloat(height)).to.be.within(480, 20_000);
      } finally {
        element.remove();
        arrivals.length = 0;
      }
    });
    try {
      await fc.assert(property, {
        numRuns: Math.ceil(total / MESSAGES_PER_COURSE),
        endOnFailure: false,
        // Looking for the shortest course may take long.
        interruptAfterTimeLimit: total * 10,
        ...(stage.seed === undefined ? {} : {seed: stage.seed}),
      });
    } finally {
      Math.random = random;
    }
    expect([...taken], 'a course that goes far').to.include.members([
      'ready → refreshing',
      'refreshing → ready',
      'refreshing → reconnecting',
      'refreshing → expired',
      'reconnecting → ready',
      'minting → failed',
    ]);
    expect(count, 'messages').to.be.at.least(total);
  });
});
