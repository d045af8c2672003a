/*
 * Which tests show each row of the tables of threats and faults. The documents are for users and name no tests.
 */

export interface TestedRow {
  /** The first cell of the row, as it is written in the document. */
  row: string;
  /** The titles are what `it()` or `test()` gets, as the source has them: with `${…}` in templates. */
  tests: readonly {file: string; titles: readonly string[]}[];
}

/** The table in docs/maintainers/threats.md. */
export const threats: readonly TestedRow[] = [
  {
    row: 'messages from other windows',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: [
          'drops a message from a sibling frame, although its origin is the right one',
          'drops a message from a frame inside the workspace',
          'drops a message from a window that the workspace has opened',
          'drops a message from the window that opened the host page',
          'drops a message from the host page itself',
          'drops a message from an earlier frame of the same workspace',
        ],
      },
    ],
  },
  {
    row: 'the same host on another port',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['drops a message from the same host on another port'],
      },
    ],
  },
  {
    row: 'a frame that navigates to another origin and asks for a token',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          'gives no token to a frame that has navigated ${where}, until it returns',
          'gives no token to a frame that has navigated to a data: page, which has no origin',
        ],
      },
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['answers a message that transfers a port in the frame, and never on the port'],
      },
    ],
  },
  {
    row: 'a frame that asks for a token and then navigates',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          'gives no token to a frame that navigates away during the refresh, until it returns',
          'gives no token to a frame that navigates away at the moment its token arrives',
        ],
      },
    ],
  },
  {
    row: 'windows that no longer exist',
    tests: [
      {
        file: 'test/attacks/senders.browser.ts',
        titles: ['drops a message without a source, even if the frame is gone'],
      },
    ],
  },
  {
    row: 'the origin `null`',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: ['gives no token to a frame whose sandbox takes its origin away'],
      },
    ],
  },
  {
    row: 'look-alike origins',
    tests: [
      {
        file: 'test/frame/launch-url.test.ts',
        titles: [
          'the list of look-alike origins has more than 500 entries',
          'accepts none of the look-alike origins with a pin list',
        ],
      },
      {
        file: 'test/attacks/injection.browser.ts',
        titles: [
          'refuses a launch URL that resembles embed-origin, as an attribute and in a response',
        ],
      },
    ],
  },
  {
    row: 'an injected launch URL',
    tests: [
      {
        file: 'test/attacks/injection.browser.ts',
        titles: [
          'sends no token to an injected launch URL: the session belongs to another origin',
          'does not load an injected launch URL if embed-origin pins another origin',
          'uses a launch URL once, even if the host page sets the same URL again',
        ],
      },
      {
        file: 'test/session/workspace-session.test.ts',
        titles: [
          'posts no token if the response has ${name} (session ${sessionId})',
          'posts the token if ${name}',
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
          "loads an ambiguous launch URL from the checked origin only (base: ${base ? 'another origin' : 'none'})",
          'refuses an ambiguous launch URL that has the origin of the host page in one reading',
          'does not load a used launch URL again, in another spelling or in another element',
        ],
      },
    ],
  },
  {
    row: 'a `<base>` that is added later',
    tests: [
      {
        file: 'test/attacks/readings.browser.ts',
        titles: ['keeps the endpoints unchanged if a <base> is added after the start'],
      },
      {
        file: 'test/session/endpoint.test.ts',
        titles: ['resolves an endpoint against the base URL that the page had at the start'],
      },
    ],
  },
  {
    row: 'a frame on the page’s own origin',
    tests: [
      {
        file: 'test/attacks/navigation.browser.ts',
        titles: [
          'refuses a frame on the origin of the host page before it loads, but takes another port',
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
          'sends no request and no cookie to a ${name} on another origin unless credentials is set',
          'sends no request to an endpoint over plain HTTP or with another scheme',
          'does not let a session ID change the path of the refresh endpoint',
          'sends the session request as JSON, which an HTML form of another site cannot send',
        ],
      },
      {
        file: 'test/element/start.browser.ts',
        titles: ['sends requests to another origin if credentials is set, without the CSRF token'],
      },
    ],
  },
  {
    row: 'a login page that answers 200',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'fails to create a session after one request if a retry cannot help',
          'ends the session after one refresh request if a retry cannot help',
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
          'finds a planted token in every place that the leak scan searches',
          'keeps tokens inside the frame through ready, two refreshes and a reload',
          'leaks no token if creating a session fails: ${name}',
          'leaks no token if a refresh is refused: ${name}',
          'leaks no token while requests are retried: ${name}',
          'leaks no token if the frame never sends meshes:ready',
        ],
      },
    ],
  },
  {
    row: 'a hostile path in `meshes-navigate`',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'reports null for a path that leads to another origin, and does not navigate the host page',
        ],
      },
    ],
  },
  {
    row: 'prototype pollution',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'keeps a message from polluting prototypes, however the host page merges the event data',
          'reads no message field from a polluted Object.prototype of the host page',
          'reads no field of a session response from a polluted Object.prototype of the host page',
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
          'ignores data of every type that postMessage can copy',
          'receives no data that postMessage refuses to copy',
          'reduces odd fields of a navigation message to small plain data, or drops them',
        ],
      },
    ],
  },
  {
    row: 'a hostile height',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: ['ignores an invalid height, and clamps one that is out of bounds'],
      },
    ],
  },
  {
    row: 'a flood of messages',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'limits 1,000 refresh messages with a token ${name} to three requests and one warning',
          'answers 1,000 meshes:ready messages without a token request, and with fewer than 100 tokens',
          'answers 1,000 meshes:ready messages near the end of the token with one refresh at a time',
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
          'reduces 5,000 navigation messages to at most 1,000 events, and reports the last path',
          'keeps the host page responsive while a frame sends values that are expensive to read',
          'drops messages with huge objects unread, and warns once',
        ],
      },
      {
        file: 'test/frame/plain-copy.test.ts',
        titles: [
          'does not copy an object with many references to itself, and reads few of its fields',
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
          'does not read an image named ${name} in place of the property of document',
          'defines and starts the element on a page that has added methods to Object.prototype',
          'fails, and settles its promises, if an image named ${name} hides the method of document',
          'works on a page with global variables named origin and self',
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
          'names an invalid header ${name} in an error without its value and without a cause',
          'does not show the body that a provider could not parse',
        ],
      },
    ],
  },
  {
    row: 'a kept workspace of another user',
    tests: [
      {
        file: 'test/instant/keep.test.ts',
        titles: [
          'discards the workspace when an element ${starts} with another ${what}',
          'passes no workspace on if ${name} is another object, which may be for another user',
          'ends every workspace that is kept',
        ],
      },
      {
        file: 'test/instant/keep.browser.ts',
        titles: [
          'discards the workspace when an element with ${change} starts',
          'requests nothing and shows nothing of a user who has signed out',
          'hides the frame from users, from assistive technology, and from scripts',
          'requests no token while the workspace is kept; what the frame has asked for is requested on return',
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
          'drops the session of the first user if the user changes while it is being created',
          'drops the frame and the pending token refresh of the first user if the user changes',
          'uses only the session of the last user, whatever the order of the responses',
          'ends the request, the token and the frame of the first user when ${name} changes',
          'fails with session_mismatch, and sends no token, if the endpoint answers for another user',
        ],
      },
    ],
  },
  {
    row: 'all of these at once',
    tests: [
      {
        file: 'test/attacks/messages.browser.ts',
        titles: [
          'survives generated messages without an error, an illegal transition or a leaked token',
        ],
      },
    ],
  },
];

/** The table in docs/maintainers/reliability.md. */
export const faults: readonly TestedRow[] = [
  {
    row: '5xx, 408, 425, a cut connection',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'fails to create a session after four requests if a retry can help, and reload() recovers',
          'keeps using the old token while a refresh fails, until a retry succeeds',
          'retries in the background after four failed refresh requests, and refresh() rejects',
          'doubles the backoff from 500 ms on, times a random factor',
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
          'fails to create a session after one request if a retry cannot help',
          'ends the session after one refresh request if a retry cannot help',
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
          'waits as long as Retry-After says in ${name}, even if the page wakes up',
          'uses the normal backoff if Retry-After is invalid',
          'fails at once if Retry-After exceeds the budget, and tries again when it is due',
          'limits the wait for Retry-After to 300 s',
        ],
      },
      {
        file: 'test/session/workspace-session-faults.test.ts',
        titles: ['requests a session again when a Retry-After beyond the budget has passed'],
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
        titles: ['fails to create a session after one request if a retry cannot help'],
      },
    ],
  },
  {
    row: 'a redirect',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['ends the session after one refresh request if a retry cannot help'],
      },
    ],
  },
  {
    row: 'a response that stalls before its headers or within its body',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: [
          'abandons a response that stalls before its headers or in its body after 10 s, and retries',
          'treats a response that is cut off in its body as a network error, and retries',
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
          'launches a blank frame once more, and then explains the failure, whatever the cause',
          'names the likely causes of a blank frame, the most likely first, and a page with details',
          'names the origin that the frame shows if it is another one',
          'explains a handshake timeout if the server of the frame never responds',
          'does not launch a blank frame again if no new launch URL is available',
          'warns only that the frame is slow if it is blank for a while',
        ],
      },
      {
        file: 'test/element/handshake.browser.ts',
        titles: [
          'relaunches a frame after a handshake timeout, then fails, and recovers on a late meshes:ready',
        ],
      },
    ],
  },
  {
    row: 'a Content-Security-Policy of the page',
    tests: [
      {
        file: 'test/faults/frame.browser.ts',
        titles: [
          'reports a Content-Security-Policy that blocks the frame by ${name}, and the directive to add',
          'starts under a Content-Security-Policy that ${name}',
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
          'shows no frame on a page with Cross-Origin-Embedder-Policy if the frame lacks the header',
          'shows a frame that sends Cross-Origin-Embedder-Policy too',
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
          'sends the token to a frame that has reloaded itself, without a new session',
          'refreshes a token that is nearly expired before it answers meshes:ready',
        ],
      },
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['keeps using the old token while a refresh fails, until a retry succeeds'],
      },
    ],
  },
  {
    row: 'a frame that reloads and sends nothing',
    tests: [
      {
        file: 'test/element/views.browser.ts',
        titles: [
          'reports an unresponsive frame, and shows a Reload button above it until meshes:ready',
        ],
      },
    ],
  },
  {
    row: 'a move in the document',
    tests: [
      {
        file: 'test/element/lifetime.browser.ts',
        titles: [
          'keeps the session if moveBefore keeps the frame, and starts a new one otherwise',
          'starts a new session once after a plain move in the document',
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
          'refreshes the token hours later, before the frame asks, when the page wakes ${name}',
          'refreshes once on waking, however many events report it',
          'waits in the background until the page is visible',
          'keeps a live token if the clock was set back',
        ],
      },
      {
        file: 'test/e2e/bfcache.spec.ts',
        titles: [
          'a page from the back/forward cache keeps working, and refreshes a token that ends soon',
        ],
      },
    ],
  },
  {
    row: 'a clock that is wrong',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: [
          'expires nothing if the clock is wrong by ${hours} hours, because the Date of the response counts',
        ],
      },
    ],
  },
  {
    row: 'an expiry that is too far away or invalid',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: ['clamps or ignores a far or invalid expiry, without a request or an event'],
      },
    ],
  },
  {
    row: 'a prerendered page',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: ['requests nothing during prerendering, because the launch token would expire'],
      },
    ],
  },
  {
    row: 'offline',
    tests: [
      {
        file: 'test/faults/page.browser.ts',
        titles: [
          'stays in minting while offline, and continues when the page is online again',
          'makes one attempt even if the browser says that the page is offline',
          'keeps the token of a frame while offline, even after its expiry, until there is a response',
          'expires a token after its end as soon as the endpoint refuses the refresh',
        ],
      },
      {
        file: 'test/session/workspace-session-faults.test.ts',
        titles: [
          'expires one minute online after the end of the token if no refresh gets an answer, not sooner',
        ],
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
        titles: [
          'a workspace that goes offline keeps its frame and its token, and continues when online',
        ],
      },
    ],
  },
  {
    row: 'a storm of token requests from the frame',
    tests: [
      {
        file: 'test/attacks/data.browser.ts',
        titles: [
          'limits 1,000 refresh messages with a token ${name} to three requests and one warning',
        ],
      },
    ],
  },
  {
    row: 'content that grows with its frame',
    tests: [
      {
        file: 'test/element/sizing.browser.ts',
        titles: ['holds the height of a frame whose growth causes more growth'],
      },
    ],
  },
  {
    row: 'a first token request that fails',
    tests: [
      {
        file: 'test/faults/endpoint.browser.ts',
        titles: ['fails to create a session after one request if a retry cannot help'],
      },
    ],
  },
  {
    row: 'responses to an earlier attempt',
    tests: [
      {
        file: 'test/attacks/account-switch.browser.ts',
        titles: ['uses only the session of the last user, whatever the order of the responses'],
      },
    ],
  },
];
