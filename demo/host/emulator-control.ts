/** Controls the emulator, for one user at a time. */
export interface EmulatorControl {
  /** Sets the lifetime of later access tokens, in seconds; `null` restores the default. */
  setTokenLifetime(userId: string, seconds: number | null): Promise<void>;
  expireTokens(userId: string): Promise<void>;
}

export const createEmulatorControl = (controlUrl: string): EmulatorControl => {
  const send = async (method: string, path: string, body?: object): Promise<void> => {
    const response = await fetch(controlUrl + path, {
      method,
      ...(body && {headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)}),
    });
    if (!response.ok)
      throw new Error(`The emulator answered ${response.status} to ${method} ${path}.`);
    await response.arrayBuffer();
  };
  return {
    setTokenLifetime: (userId, seconds) =>
      seconds === null
        ? send('DELETE', `/lifetimes?${new URLSearchParams({external_user_id: userId}).toString()}`)
        : send('PUT', '/lifetimes', {external_user_id: userId, access_token_seconds: seconds}),
    expireTokens: userId =>
      send('POST', '/sessions/expire', {external_user_id: userId, what: 'token'}),
  };
};
