export interface Ports {
  /** Port of the host app. */
  readonly port: number;
  /** Ports of the emulator: its embed app, and its APIs. */
  readonly embedPort: number;
  readonly apiPort: number;
}

/**
 * Reads the ports of the demo's three servers. 0 selects a free one.
 *
 * @throws Error that names a variable with an invalid port
 */
export const readPorts = (env: Readonly<Record<string, string | undefined>>): Ports => {
  const portOf = (variable: string, fallback: number): number => {
    const text = env[variable];
    if (text === undefined || text === '') return fallback;
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new Error(`${variable} must be a port number from 0 to 65535.`);
  };
  return {
    port: portOf('PORT', 4600),
    embedPort: portOf('EMBED_PORT', 4601),
    apiPort: portOf('API_PORT', 4602),
  };
};
