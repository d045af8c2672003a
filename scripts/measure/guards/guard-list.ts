import ts from 'typescript';
import {
  findCall,
  type Guard,
  removeStatement,
  replaceArgument,
  replaceCall,
  replaceCondition,
  replaceValue,
} from './marked-code.js';

/**
 * The guards that `npm run mutants` does not test: those in code that only browsers run, and those that no mutator removes, such
 * as an argument or a text. Each has a comment `// guard(name): …` in src/. `node` are files for node:test, `browser`
 * files for @web/test-runner in Chromium.
 */
export const GUARDS: readonly Guard[] = [
  {
    name: 'source',
    // The first frame of the page receives every message, from any window.
    change: replaceCall('get', ({expression}) =>
      ts.isPropertyAccessExpression(expression)
        ? `[...${expression.expression.getText()}.values()][0]`
        : '',
    ),
    browser: ['test/attacks/senders.browser.ts'],
  },
  {
    name: 'target-origin',
    change: replaceArgument('postMessage', 1, "'*'"),
    browser: ['test/attacks/navigation.browser.ts'],
  },
  {
    name: 'schema',
    // Anything that is not a published message is passed on unchanged.
    change: replaceCall('parseMessage', call => {
      return `(${call.getText()} ?? ${call.arguments[0]!.getText()})`;
    }),
    node: ['test/frame/frame-channel.test.ts'],
    browser: ['test/attacks/data.browser.ts'],
  },
  {
    name: 'disposal',
    change: removeStatement,
    node: ['test/session/workspace-session.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'request-timeout',
    change: replaceArgument('after', 1, 'Infinity'),
    node: ['test/session/token-request.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'clamp',
    change: replaceCall('max', call => findCall(call, 'ceil')?.getText() ?? ''),
    browser: ['test/element/sizing.browser.ts', 'test/attacks/data.browser.ts'],
  },
  {
    name: 'redirects',
    change: replaceValue("'follow'"),
    node: ['test/http/request-json.test.ts', 'test/measure/figures.test.ts'],
  },
  {
    name: 'one-reading',
    change: replaceValue(value => `${value.getText()}.replace('://', ':')`),
    browser: ['test/attacks/readings.browser.ts'],
  },
  {
    name: 'absolute-endpoints',
    change: replaceArgument('parseUrl', 1, 'document.baseURI'),
    browser: ['test/attacks/readings.browser.ts'],
  },
  {
    name: 'message-rate',
    change: replaceCondition('false'),
    browser: ['test/attacks/data.browser.ts'],
  },
  {
    name: 'kept-frame',
    change: replaceCondition('false'),
    browser: ['test/instant/keep.browser.ts'],
  },
  {
    name: 'page-names',
    change: replaceArgument('get', 0, 'document'),
    browser: ['test/attacks/page.browser.ts'],
  },
  {
    name: 'server-redirects',
    change: replaceValue("'follow'"),
    node: ['test/server/meshes-answers.test.ts'],
  },
  {
    name: 'events-redirects',
    change: replaceValue("'follow'"),
    node: ['test/events/attacks.test.ts'],
  },
  {
    name: 'events-own-fields',
    change: replaceCall('create', () => '{}'),
    node: ['test/events/attacks.test.ts'],
  },
];
