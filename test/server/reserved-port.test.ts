/** Programs that tests start never share a port. */
import assert from 'node:assert/strict';
import {createServer} from 'node:net';
import {test} from 'node:test';
import {FIRST_PORT, reservePort} from '../support/reserved-port.js';

/** The first of 40 ports that other tests do not use: above those that Linux gives, and above those that are reserved for programs. */
const someRange = () => 61_000 + 40 * Math.floor(Math.random() * 100);

test('reserves only ports that fetch accepts', async () => {
  await assert.rejects(
    fetch('http://127.0.0.1:10080'),
    ({cause}: Error) => /bad port/.test(String(cause)),
    'This is the highest port that fetch refuses.',
  );
  assert.ok(FIRST_PORT > 10_080);
});

test('reserves another port for each of several programs that start at the same time', async () => {
  const first = someRange();
  const reserved = await Promise.all(Array.from({length: 8}, () => reservePort(first, 20)));
  try {
    assert.equal(new Set(reserved.map(({port}) => port)).size, reserved.length);
  } finally {
    for (const {release} of reserved) await release();
  }
});

test('reserves no port that is in use, or whose program has not ended', async () => {
  const first = someRange();
  const {port, release} = await reservePort(first, 1);
  await assert.rejects(reservePort(first, 1), /No port is free/);
  await release();
  const server = createServer();
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  await assert.rejects(reservePort(first, 1), /No port is free/);
  await new Promise(resolve => server.close(resolve));
  const again = await reservePort(first, 1);
  assert.equal(again.port, port);
  await again.release();
});
