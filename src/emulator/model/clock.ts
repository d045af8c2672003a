/** A clock that the control API can move. All times are in milliseconds since the epoch. */
export interface Clock {
  /** The emulator's time: the base clock plus the offset. */
  now(): number;
  /** The base clock, which the control API cannot move. */
  real(): number;
  readonly offsetMs: number;
  setOffset(offsetMs: number): void;
}

export const createClock = (base: () => number = Date.now): Clock => {
  let offset = 0;
  return {
    now: () => base() + offset,
    real: base,
    get offsetMs() {
      return offset;
    },
    setOffset(offsetMs) {
      offset = offsetMs;
    },
  };
};
