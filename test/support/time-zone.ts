import assert from 'node:assert/strict';

/** Zones whose offset from UTC is never zero, one with half an hour in it. */
export const ZONES = ['America/New_York', 'Asia/Kolkata'] as const;

/** Calls a function while the local time of this process is that of another zone. */
export async function inTimeZone(
  zone: (typeof ZONES)[number],
  call: () => void | Promise<void>,
): Promise<void> {
  const {TZ} = process.env;
  process.env.TZ = zone;
  try {
    assert.notEqual(new Date().getTimezoneOffset(), 0, 'The time zone has not changed.');
    await call();
  } finally {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
}
