import type http from 'node:http';

interface Fault {
  /** Requests that one mint may make of it. */
  most: number;
  /** The error it has to end in. */
  codes: string;
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  cut?: boolean;
}

const JSON_TYPE = {'content-type': 'application/json'};
const failing = {most: 4, codes: 'endpoint_server'};

/** What an endpoint answers to each request, and what has to come of it. */
export const FAULTS: Record<string, Fault> = {
  500: {...failing, status: 500},
  502: {...failing, status: 502},
  503: {...failing, status: 503},
  408: {...failing, status: 408},
  425: {...failing, status: 425},
  429: {most: 4, codes: 'endpoint_rate_limited', status: 429},
  cut: {most: 4, codes: 'endpoint_network', cut: true},
  400: {most: 1, codes: 'endpoint_http', status: 400},
  401: {most: 1, codes: 'endpoint_unauthorized', status: 401},
  403: {most: 1, codes: 'endpoint_forbidden', status: 403},
  404: {most: 1, codes: 'endpoint_http', status: 404},
  redirect: {most: 1, codes: 'endpoint_redirected', status: 302, headers: {location: '/login'}},
  html: {
    most: 1,
    codes: 'endpoint_bad_response',
    headers: {'content-type': 'text/html'},
    body: '<!doctype html><title>Sign in</title>',
  },
};

/** Answers with a fault; every body holds `secret`, which nobody may see again. */
export function respond(response: http.ServerResponse, name: string, secret = ''): void {
  const {status = 200, headers = JSON_TYPE, body, cut} = FAULTS[name]!;
  if (cut) {
    response.destroy();
    return;
  }
  const text = body ?? JSON.stringify({message: 'No.', access_token: secret, code: secret});
  response.writeHead(status, {...headers, 'cache-control': 'no-store'});
  response.end(body ? `${text}${secret}` : text);
}
