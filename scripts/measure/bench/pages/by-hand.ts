import {ask, listen, mint} from './hand-written.js';

/*
 * The code that the quickstart lets each page write, with the token requested as early as possible. `stopwatch.start()` was called
 * right before.
 */
export interface ByHand {
  /** Asks for a session, and launches the frame when it has come. */
  mint: (endpoint: string) => Promise<void>;
  /** The frame is in the document already; asks for the token beside it. */
  launch: (endpoint: string, sessionId: string) => void;
  /** The frames are in the document already, and their token is known: a listener for each. */
  given: (token: string) => void;
}

const byHand: ByHand = {
  mint,
  launch: (endpoint, sessionId) => {
    const session = ask(endpoint, {session_id: sessionId});
    listen(
      document.querySelector('iframe')!,
      session.then(({access_token}) => access_token),
    );
  },
  given: token => document.querySelectorAll('iframe').forEach(iframe => listen(iframe, token)),
};
Object.assign(globalThis, {byHand});
