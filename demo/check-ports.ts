import {listen} from './listen.js';
import {readPorts} from './ports.js';

/** `npm start` runs this before the build, which would empty `dist/` while another demo is running. */

const free = async (port: number, host: string, variable: string): Promise<void> => {
  const server = await listen(() => new Response(), port, host, variable);
  await server.close();
};

try {
  const {port, embedPort, apiPort} = readPorts(process.env);
  await free(port, 'localhost', 'PORT');
  await free(embedPort, '127.0.0.1', 'EMBED_PORT');
  await free(apiPort, '127.0.0.1', 'API_PORT');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
