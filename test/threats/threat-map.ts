/*
 * Which tests show each row of the tables of threats and faults. The documents are for users and name no tests.
 */

export interface TestedRow {
  /** The first cell of the row, as it is written in the document. */
  row: string;
  /** The titles are what `it()` or `test()` gets, as the source has them: with `${…}` in templates. */
  tests: readonly {file: string; titles: readonly string[]}[];
}

/** The table in docs/security.md. */
export const threats: readonly TestedRow[] = [
  {
    row: 'messages from other windows',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: [
          'of a sibling frame is dropped, although its origin is the right one',
          'of a frame inside the workspace is dropped',
          'of a window that the workspace has opened is dropped',
          'of the window that opened the page is dropped',
          'of the page itself is dropped',
          'of an earlier frame of the same workspace is dropped',
        ],
      },
    ],
  },
  {
    row: 'the same host on another port',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['of the same host on another port is dropped'],
      },
    ],
  },
  {
    row: 'a frame that navigates to another origin and asks for a token',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          '${where} gets no token, until it comes back',
          'to a data: page, which has no origin, gets no token',
        ],
      },
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['that brings a port along is answered in the frame, and never on the port'],
      },
    ],
  },
  {
    row: 'a frame that asks for a token and then navigates',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          'while its token was being fetched gets none, and has it once it is back',
          'in the moment in which its token comes gets none',
        ],
      },
    ],
  },
  {
    row: 'windows that no longer exist',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['without a source is dropped, also where the frame is gone too'],
      },
    ],
  },
  {
    row: 'the origin `null`',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: ['because its sandbox takes it away never gets a token'],
      },
    ],
  },
  {
    row: 'look-alike origins',
    tests: [
      {
        file: 'test/frame/launch-url.test.ts',
        titles: ['are more than 500', 'are none of them accepted'],
      },
      {
        file: 'test/attacks/injection.browser.ts',
        titles: ['that looks like one of embed-origin is refused, in the page and in an answer'],
      },
    ],
  },
  {
    row: 'an injected launch URL',
    tests: [
      {
        file: 'test/attacks/injection.browser.ts',
        titles: [
          'gets no token: the one that comes belongs to another origin',
          'is not even loaded where embed-origin pins the real one',
          'is used once, also where the page puts the same one in again',
        ],
      },
      {
        file: 'test/session/workspace-session.test.ts',
        titles: [
          'posts no token where the answer has ${name} (session ${sessionId})',
          'posts the token where ${name}',
        ],
      },
    ],
  },
  {
    row: 'a launch URL that can be parsed in two ways',
    tests: [
      {
        file: 'test/attacks/readings.browser.ts',
        titles: [
          "leads to the origin that was checked, or nowhere (base: ${base ? 'another origin' : 'none'})",
          'that is the origin of the page in either reading is refused',
          'is remembered as used, however it is spelled and with any fragment, by every element of the page',
        ],
      },
    ],
  },
  {
    row: 'a `<base>` that is added later',
    tests: [
      {
        file: 'test/attacks/readings.browser.ts',
        titles: ['moves no endpoint: neither the session nor the headers of the page go elsewhere'],
      },
      {
        file: 'test/session/endpoint.test.ts',
        titles: ['is resolved against the base URL that the page had at the start'],
      },
    ],
  },
  {
    row: 'a frame on the page’s own origin',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          'is refused before it is loaded, whoever names it; another port is another origin',
        ],
      },
    ],
  },
  {
    row: 'an injected endpoint',
    tests: [
      {
        file: 'test/attacks/injection.browser.ts',
        titles: [
          'on another origin gets no request and no cookie as ${name}, unless credentials is written out',
          'over http, or of another scheme, gets no request',
          'cannot be led elsewhere by a session id',
          'asks by JSON, which no form of a foreign page can send',
        ],
      },
      {
        file: 'test/element/start.browser.ts',
        titles: ['go to another origin where credentials are written out, without the CSRF token'],
      },
    ],
  },
  {
    row: 'a login page that answers 200',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'what will not pass by itself is failed, after one request',
          'what will not pass by itself ends the session, after one request',
        ],
      },
    ],
  },
  {
    row: 'tokens in logs',
    tests: [
      {
        file: 'test/attacks/secrets.browser.ts',
        titles: [
          'finds one in every place that it looks at',
          'are seen in the frame alone: ready, refreshed twice, reloaded',
          'are seen nowhere while minting: ${name}',
          'are seen nowhere while refreshing: ${name}',
          'are seen nowhere while minting and refreshing are tried again: ${name}',
          'are seen nowhere beside a frame that never speaks',
        ],
      },
    ],
  },
  {
    row: 'a hostile path in `meshes-navigate`',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: ['that leads anywhere else is reported as null, and the page goes nowhere'],
      },
    ],
  },
  {
    row: 'prototype pollution',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'by a message does not reach the page, however the page merges what it gets',
          'of the page lends no message its fields',
          'of the page lends no answer its fields',
        ],
      },
    ],
  },
  {
    row: 'malformed messages',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'of every kind that can be posted is ignored',
          'that cannot be posted does not get as far as here',
          'in a message that is one comes out as small plain data, or not at all',
        ],
      },
    ],
  },
  {
    row: 'a hostile height',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: ['that is none is ignored, and one out of bounds is clamped'],
      },
    ],
  },
  {
    row: 'a flood of messages',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'of 1,000 requests for a token ${name} is three of the endpoint’s, and one warning',
          'of 1,000 meshes:ready is answered without a request, and with few tokens',
          'of 1,000 meshes:ready with a token that is nearly over is one request at a time',
        ],
      },
    ],
  },
  {
    row: 'a message that is expensive to read',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'of 5,000 navigations is a few events, the last one among them',
          'of values that are dear to read does not keep the page from its work',
          'of objects that are dear to copy into the page is dropped unread, with one warning',
        ],
      },
      {
        file: 'test/frame/plain-copy.test.ts',
        titles: [
          'of an object that refers to itself many times over, and few of its fields are read',
        ],
      },
    ],
  },
  {
    row: 'names and methods that the page has added',
    tests: [
      {
        file: 'test/attacks/page.browser.ts',
        titles: [
          'named ${name} does not stand for the document’s own',
          'keeps the script from nothing: the element is defined and starts',
          'by an image named ${name} makes the element fail, and keeps nobody waiting',
          'by a global variable named origin or self changes nothing',
        ],
      },
    ],
  },
  {
    row: 'secrets in errors that monitoring tools send',
    tests: [
      {
        file: 'test/attacks/page.browser.ts',
        titles: [
          '${name} is named without its value, by an error without a cause',
          'of a provider that could not parse a body does not show the body',
        ],
      },
    ],
  },
  {
    row: 'a change of user',
    tests: [
      {
        file: 'test/attacks/account-switch.browser.ts',
        titles: [
          'drops the session that was being minted for the first one',
          'drops the token that was being refreshed for the first one, and the frame it was for',
          'drops every answer but the last one’s, in whatever order they come',
          'by ${name} ends the session whole: request, token and frame',
          'behind the same endpoint ends in session_mismatch, and the foreign token is not passed on',
        ],
      },
    ],
  },
  {
    row: 'all of these at once',
    tests: [
      {
        file: 'test/attacks/messages.browser.ts',
        titles: ['cause no error, no illegal transition, and no token in a wrong place'],
      },
    ],
  },
];

/** The table in docs/reliability.md. */
export const faults: readonly TestedRow[] = [
  {
    row: '5xx, 408, 425, a cut connection',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'what may pass is asked for four times, then failed, and comes back by hand',
          'what may pass leaves the old token in use, until it passes',
          'goes on in the background where four requests did not help, and refresh() says so',
          'doubles from 500 ms on, times chance',
        ],
      },
    ],
  },
  {
    row: '401, 403, and other 4xx',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'what will not pass by itself is failed, after one request',
          'what will not pass by itself ends the session, after one request',
        ],
      },
    ],
  },
  {
    row: '429',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'is what Retry-After asks for in ${name}, and nobody hurries it',
          'is the usual one where Retry-After is garbage',
          'is longer than a person waits for where Retry-After says so: failed at once, and tried when due',
          'that Retry-After asks for is cut to 300 s',
        ],
      },
      {
        file: 'test/session/workspace-session-faults.test.ts',
        titles: ['is tried again when a Retry-After beyond the budget is over'],
      },
      {
        file: 'test/session/rate-limit.test.ts',
        titles: [
          'all get a token within 25 seconds and 48 requests from ${name} that answers ${code}',
          'an endpoint that refuses every request of 12 elements is asked about a dozen times by each of them, and no more',
        ],
      },
    ],
  },
  {
    row: 'a login page with status 200, or any other invalid response',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['what will not pass by itself is failed, after one request'],
      },
    ],
  },
  {
    row: 'a redirect',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['what will not pass by itself ends the session, after one request'],
      },
    ],
  },
  {
    row: 'a response that stalls before its headers or within its body',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'before its headers or within its body is given up after ten seconds, and asked for again',
          'after its connection is cut within the body is a network error, and asked for again',
        ],
      },
    ],
  },
  {
    row: 'a frame that never sends `meshes:ready`',
    tests: [
      {
        file: 'test/faults/frame.browser.ts',
        titles: [
          'is launched once more, and then explained, whatever keeps it so',
          'is explained by its likely causes, the likeliest first, and by the page that tells more',
          'is explained by the origin that it showed, where it showed another one',
          'because its server never answers is explained as well',
          'is not launched again where no fresh launch URL can be had',
          'for a while is only slow',
        ],
      },
      {
        file: 'test/element/handshake.browser.ts',
        titles: ['relaunches a silent frame once, then fails, and recovers when it speaks late'],
      },
    ],
  },
  {
    row: 'a Content-Security-Policy of the page',
    tests: [
      {
        file: 'test/faults/frame.browser.ts',
        titles: [
          'that blocks the frame by ${name} is reported at once, with what to add',
          'that ${name} is none of the element’s business',
        ],
      },
    ],
  },
  {
    row: 'Cross-Origin-Embedder-Policy of the page',
    tests: [
      {
        file: 'test/faults/frame.browser.ts',
        titles: [
          'by Cross-Origin-Embedder-Policy shows no frame that does not ask for it too',
          'shows one that does',
        ],
      },
    ],
  },
  {
    row: 'a frame that reloads and sends `meshes:ready`',
    tests: [
      {
        file: 'test/element/handshake.browser.ts',
        titles: [
          'gives a frame that has reloaded itself the token, without a new session',
          'refreshes a token that is nearly over before it answers',
        ],
      },
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['what may pass leaves the old token in use, until it passes'],
      },
    ],
  },
  {
    row: 'a frame that reloads and sends nothing',
    tests: [
      {
        file: 'test/element/views.browser.ts',
        titles: ['is reported, with a Reload button above it, until it speaks'],
      },
    ],
  },
  {
    row: 'a move in the document',
    tests: [
      {
        file: 'test/element/lifetime.browser.ts',
        titles: [
          'keeps its session in a moveBefore that keeps the frame, and else starts a fresh one',
          'starts over after a plain move, once',
        ],
      },
    ],
  },
  {
    row: 'sleep, a hidden tab, the back/forward cache',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: [
          '${name}, hours later, renews the token before the frame asks',
          'does so once, however many events tell of it',
          'in the background waits until it is looked at',
          'with a clock that was set back has a token that still lives',
        ],
      },
      {
        file: 'test/e2e/bfcache.spec.ts',
        titles: [
          'a page from the back/forward cache works on, and renews a token that is nearly over',
        ],
      },
    ],
  },
  {
    row: 'a clock that is wrong',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: ['by ${hours} hours expires nothing: the answer’s own date counts'],
      },
    ],
  },
  {
    row: 'an expiry that is too far away or invalid',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: ['that is far or makes no sense is cut or unknown, and sets off nothing'],
      },
    ],
  },
  {
    row: 'a prerendered page',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: ['asks for nothing before somebody looks at it: a launch token would die'],
      },
    ],
  },
  {
    row: 'offline',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: [
          'keeps a workspace that starts in minting, and goes on when the page is online again',
          'is a hint and no fact: there is always one try',
          'keeps the token of a frame, even past its end, until there is an answer',
          'past its end a token has expired as soon as the endpoint answers that it cannot',
        ],
      },
      {
        file: 'test/session/workspace-session-faults.test.ts',
        titles: ['without any answer expires after a minute online past expiry, not sooner'],
      },
      {
        file: 'test/session/offline-pages.test.ts',
        titles: [
          'keeps a session whose refresh is answered by ${name}, and refreshes online',
          'waits in minting if its first request is answered by ${name}, and starts online',
          'recovers online if the attempt on waking up is answered by ${name}',
          'ends a session whose refresh is answered by ${name}, as only the endpoint answers so',
        ],
      },
      {
        file: 'test/e2e/offline.spec.ts',
        titles: ['a workspace that goes offline keeps its frame and its token, and goes on online'],
      },
    ],
  },
  {
    row: 'a storm of token requests from the frame',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'of 1,000 requests for a token ${name} is three of the endpoint’s, and one warning',
        ],
      },
    ],
  },
  {
    row: 'content that grows with its frame',
    tests: [
      {
        file: 'test/element/sizing.browser.ts',
        titles: ['is held when it grows because it has grown'],
      },
    ],
  },
  {
    row: 'a first token request that fails',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['what will not pass by itself is failed, after one request'],
      },
    ],
  },
  {
    row: 'responses to an earlier attempt',
    tests: [
      {
        file: 'test/attacks/account-switch.browser.ts',
        titles: ['drops every answer but the last one’s, in whatever order they come'],
      },
    ],
  },
];
