import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {DocumentWatch} from '../../src/session/document-watch.js';

type Happening = ['ready' | 'load', second: number];

/** Whether each `load` was that of another document that has not spoken. */
function silentLoads(...happenings: Happening[]): boolean[] {
  const watch = new DocumentWatch();
  const loads: boolean[] = [];
  for (const [what, second] of happenings) {
    if (what === 'ready') watch.message(second * 1_000, true);
    else loads.push(watch.load(second * 1_000));
  }
  return loads;
}

describe('a load event', () => {
  // prettier-ignore
  const cases: [name: string, happenings: Happening[], silent: boolean[]][] = [
    ['of the first document means nothing', [['load', 1]], [false]],
    ['of the first document means nothing, after its ready', [['ready', 1], ['load', 2]], [false]],
    ['after a first ready of long ago means nothing', [['ready', 1], ['load', 100]], [false]],
    ['of a second document that has not spoken is silent', [['ready', 1], ['load', 2], ['load', 9]], [false, true]],
    ['of a second document is silent where the first spoke after its load', [['load', 1], ['ready', 2], ['load', 9]], [false, true]],
    ['of a second document is silent where the first never spoke', [['load', 1], ['load', 9]], [false, true]],
    ['of a second document is not silent where it spoke first', [['load', 1], ['ready', 2], ['ready', 8], ['load', 9]], [false, false]],
    ['of a second document is silent again where it spoke before its load and a third does not', [['load', 1], ['ready', 2], ['ready', 8], ['load', 9], ['load', 20]], [false, false, true]],
    ['of a second document is not silent where both documents sent ready before their load', [['ready', 1], ['load', 2], ['ready', 8], ['load', 9]], [false, false]],
    ['of a second document is not silent where the first one sent ready long before its load', [['ready', 1], ['load', 100], ['ready', 101], ['load', 102]], [false, false]],
    ['belongs to a ready that came less than 30 s before it', [['load', 1], ['ready', 2], ['ready', 50], ['load', 79.999]], [false, false]],
    ['does not belong to a ready that came 30 s before it', [['load', 1], ['ready', 2], ['ready', 50], ['load', 80]], [false, true]],
    ['of a third document is silent where the second spoke after its load', [['load', 1], ['ready', 2], ['load', 9], ['ready', 10], ['load', 20]], [false, true, true]],
    ['does not belong to a ready of long ago', [['load', 1], ['ready', 2], ['ready', 8], ['load', 200]], [false, true]],
  ];
  for (const [name, happenings, silent] of cases) {
    test(`a load event ${name}`, () => assert.deepEqual(silentLoads(...happenings), silent));
  }
});
