/*
 * What the quickstart tells a page to write by hand, with the token asked for as early as it can be. `stopwatch.start()` has
 * been called right before.
 */
export interface ByHand {
  /** Asks for a session, and launches the frame when it has come. */
  mint: (endpoint: string) => Promise<void>;
  /** The frame is in the document already; asks for the token beside it. */
  launch: (endpoint: string, sessionId: string) => void;
  /** The frames are in the document already, and their token is known: a listener for each. */
  given: (token: string) => void;
}

interface Session {
  access_token: string;
  launch_url: string;
}

async function ask(endpoint: string, body: object): Promise<Session> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  });
  return response.json() as Promise<Session>;
}

function listen(iframe: HTMLIFrameElement, token: string | Promise<string>): void {
  const embedOrigin = new URL(iframe.src).origin;
  const onMessage = async (event: MessageEvent<{type?: string; height?: number}>) => {
    if (event.origin !== embedOrigin) return;
    if (event.source !== iframe.contentWindow) return;
    switch (event.data?.type) {
      case 'meshes:ready':
        iframe.contentWindow?.postMessage({type: 'meshes:auth', token: await token}, embedOrigin);
        break;
      case 'meshes:resize':
        iframe.style.height = `${Math.max(480, event.data.height ?? 0)}px`;
        break;
    }
  };
  addEventListener('message', event => void onMessage(event));
}

const byHand: ByHand = {
  mint: async endpoint => {
    const session = await ask(endpoint, {});
    const iframe = document.createElement('iframe');
    iframe.src = session.launch_url;
    iframe.title = 'Meshes workspace';
    iframe.style.cssText = 'width: 100%; border: 0';
    listen(iframe, session.access_token);
    document.body.append(iframe);
  },
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
