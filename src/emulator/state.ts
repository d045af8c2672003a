import {createClock, type Clock} from './model/clock.js';
import {createEmbedSettings, type EmbedSettingsStore} from './model/embed-settings.js';
import {createFaults, type Faults} from './model/faults.js';
import {createOAuthTickets, type OAuthTickets} from './model/oauth-tickets.js';
import {createRequestLog, type RequestLog} from './model/request-log.js';
import {SessionStore} from './model/sessions.js';
import {WorkspaceStore} from './model/workspace-store.js';

/** The state that both servers share. */
export interface EmulatorModel {
  readonly clock: Clock;
  readonly sessions: SessionStore;
  readonly workspaces: WorkspaceStore;
  readonly oauthTickets: OAuthTickets;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly embed: EmbedSettingsStore;
  /** Restores the initial state. */
  reset(): void;
}

export const createState = (baseClock?: () => number): EmulatorModel => {
  const clock = createClock(baseClock);
  const sessions = new SessionStore(clock);
  const workspaces = new WorkspaceStore(clock);
  const oauthTickets = createOAuthTickets(clock);
  const faults = createFaults();
  const requests = createRequestLog();
  const embed = createEmbedSettings();
  return {
    clock,
    sessions,
    workspaces,
    oauthTickets,
    faults,
    requests,
    embed,
    reset() {
      clock.setOffset(0);
      sessions.reset();
      workspaces.reset();
      oauthTickets.reset();
      faults.clear();
      requests.reset();
      embed.reset();
    },
  };
};
