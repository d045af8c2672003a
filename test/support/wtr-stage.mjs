/**
 * Plugin for Web Test Runner: everything it serves is there on a second port of the same hosts too, another origin on the same
 * site. `GET /__stage` tells that port, and what the environment says of the generated messages:
 *
 *   MESHES_FUZZ_MESSAGES   how many messages a run generates, instead of some ten thousand
 *   MESHES_FUZZ_SEED       the seed that a failure has printed
 */
import {once} from 'node:events';
import http from 'node:http';

export function stage() {
  let server;
  return {
    name: 'stage',
    async serverStart({app}) {
      server = http.createServer(app.callback()).listen(0);
      await once(server, 'listening');
    },
    serve(context) {
      if (context.path !== '/__stage') return undefined;
      const {MESHES_FUZZ_MESSAGES: messages, MESHES_FUZZ_SEED: seed} = process.env;
      return {
        type: 'json',
        body: JSON.stringify({
          port: server.address().port,
          ...(messages ? {messages: Number(messages)} : {}),
          ...(seed ? {seed: Number(seed)} : {}),
        }),
      };
    },
    async serverStop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
