/* The code of the quickstart: requests a session, shows the frame, posts the token to it, and applies its height. */

interface Session {
  access_token: string;
  launch_url: string;
}

export async function ask(endpoint: string, body: object): Promise<Session> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  });
  return response.json() as Promise<Session>;
}

export function listen(iframe: HTMLIFrameElement, token: string | Promise<string>): void {
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

/** Requests a session, and launches the frame when the response has arrived. */
export async function mint(endpoint: string): Promise<void> {
  const session = await ask(endpoint, {});
  const iframe = document.createElement('iframe');
  iframe.src = session.launch_url;
  iframe.title = 'Meshes workspace';
  iframe.style.cssText = 'width: 100%; border: 0';
  listen(iframe, session.access_token);
  document.body.append(iframe);
}
