/** @returns a port of `host` (default `127.0.0.1`) for a program that cannot choose one by itself */
export function freePort(host?: string): Promise<number>;
