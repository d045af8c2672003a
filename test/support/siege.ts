import {expect} from '@open-wc/testing';
import {arrivals, command, hostileLaunchUrl, volley} from './attackers.js';
import {createWorkspace, sessionAnswer, type Workspace} from './workspace.js';

export const auth = (number: number) => ({type: 'meshes:auth', token: `token-${number}`});

/** A provider that numbers its tokens. */
export function counting(changes: () => Record<string, unknown> = () => ({})) {
  const asked: (string | null)[] = [];
  return {
    asked,
    mint: ({sessionId}: {sessionId: string | null}) => {
      asked.push(sessionId);
      return sessionAnswer({access_token: `token-${asked.length}`, ...changes()});
    },
  };
}

/** Whether it says that it is one of the published messages, or looks like it. */
export function isMessageLike(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, 'type')) return false;
  const {type} = data as {type: unknown};
  return typeof type === 'string' && type.startsWith('meshes:');
}

/** An event in one line: its type, and what its detail says first. */
export function summary(type: string, detail: Record<string, unknown>): string {
  const {state, path, contentHeight} = detail as Record<string, string | number | undefined>;
  return `${type} ${state ?? path ?? contentHeight ?? ''}`.trim();
}

export interface Siege {
  workspace: Workspace;
  asked: (string | null)[];
  /** Lets the workspace's own frame post. */
  friend: ReturnType<typeof command>;
  /** Runs an attack of this many messages, and expects that they arrived and that nothing came of them. */
  withstands: (messages: number, attack: () => Promise<unknown>) => Promise<void>;
}

/** A workspace that is ready, whose own page says what it is told to. */
export async function besieged(
  properties: Parameters<typeof createWorkspace>[0] = {},
): Promise<Siege> {
  const provider = counting(() => ({launch_url: hostileLaunchUrl()}));
  const workspace = createWorkspace({sessionProvider: provider, ...properties});
  await workspace.hears(1);
  const friend = command(workspace.frame()!.contentWindow!, '');

  const withstands = async (messages: number, attack: () => Promise<unknown>) => {
    const [events, arrived] = [workspace.events.length, arrivals.length];
    const [asked, heard] = [provider.asked.length, workspace.heard.length];
    await attack();
    const seen = arrivals.slice(arrived).filter(({data}) => isMessageLike(data));
    expect(seen, 'messages that arrived').to.have.length(messages);
    expect(workspace.element.state).to.equal('ready');
    expect(workspace.events.slice(events), 'events').to.deep.equal([]);
    expect(provider.asked, 'requests').to.have.length(asked);

    // The same from the right place: each message does what it is for, and nothing has piled up before.
    const token = asked + 1;
    // (One of the two that ask for a token: whether the second one joins the first is a matter of timing.)
    const friendly = volley('friend').filter(({type}) => type !== 'meshes:token-expired');
    await friend.say(...friendly);
    await workspace.hears(heard + 2);
    await workspace.event('meshes-resize', events);
    await workspace.event('meshes-token-refresh', events);
    const told = workspace.events.slice(events).map(({type, detail}) => summary(type, detail));
    expect(told.sort()).to.deep.equal([
      'meshes-navigate /workspace/friend',
      'meshes-resize 1234',
      'meshes-state-change ready',
      'meshes-state-change refreshing',
      'meshes-token-refresh',
    ]);
    expect(workspace.heard.slice(heard)).to.deep.equal([auth(asked), auth(token)]);
    expect(provider.asked).to.have.length(token);
  };
  return {workspace, asked: provider.asked, friend, withstands};
}

/** Nothing that it was told is a token, or anything else of the element. */
export function expectNothingTold(told: unknown[]): void {
  expect(told, 'what the attacker was told').to.deep.equal([]);
}
