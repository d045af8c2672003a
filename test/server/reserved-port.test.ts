/** Programs that tests start never share a port. */
import assert from 'node:assert/strict';
import {createServer, type AddressInfo} from 'node:net';
import {test} from 'node:test';
import {reservePort} from './support/reserved-port.js';

/** The first of a few ports that nothing uses: those after a port that the system gives. */
async function someRange(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return Math.min(port, 65_000);
}

test('reserves another port for each of several programs that start at the same time', async () => {
  const first = await someRange();
  const reserved = await Promise.all(Array.from({length: 8}, () => reservePort(first, 20)));
  try {
    assert.equal(new Set(reserved.map(({port}) => port)).size, reserved.length);
  } finally {
    for (const {release} of reserved) await release();
  }
});

test('reserves no port that is in use, or whose program has not ended', async () => {
  const first = await someRange();
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
