import type {HeartbeatAnswer} from '../embed-data-api.js';
import type {Access} from './access.js';

const beatMs = 800;
const slowestBeatMs = 10_000;
/** Maximum time of the host between its refresh and its `meshes:auth`. */
const handoverMs = 2000;

/**
 * Polls for changes while the page is visible.
 *
 * @param since the revision that the page shows, or an earlier one
 */
export const startHeartbeat = (access: Access, since: string, onChange: () => void): void => {
  let revision: string | null = since;
  let pause = beatMs;
  let stale: {token: string; since: number} | undefined;

  const judge = (token: string, answer: HeartbeatAnswer): void => {
    if (access.token !== token) return;
    switch (answer.standing) {
      case 'current':
        stale = undefined;
        if (answer.revision !== revision) onChange();
        revision = answer.revision;
        break;
      case 'superseded':
        if (stale?.token !== token) stale = {token, since: Date.now()};
        // The data API will answer 401, which causes a token request.
        else if (Date.now() - stale.since >= handoverMs) onChange();
        break;
      default:
        access.refused();
    }
  };

  const beat = async (): Promise<void> => {
    const {token} = access;
    if (access.paused || token === undefined || document.hidden) return;
    try {
      const response = await fetch('/data/heartbeat', {
        cache: 'no-store',
        headers: {Authorization: `Bearer ${token}`},
      });
      if (response.status === 401) access.refused();
      if (response.ok) judge(token, (await response.json()) as HeartbeatAnswer);
      pause = response.ok ? beatMs : Math.min(pause * 2, slowestBeatMs);
    } catch {
      // The emulator cannot be reached, or the frame is being removed: polls less often.
      pause = Math.min(pause * 2, slowestBeatMs);
    }
  };

  const run = async (): Promise<void> => {
    await beat();
    setTimeout(() => void run(), pause);
  };
  void run();
};
