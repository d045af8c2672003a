/** The least, the middle and the greatest of some measurements. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** The middle value; between the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('There is nothing to take the median of.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The medians of the lower and of the upper half; the middle value is in both. */
export function quartiles(values: readonly number[]): [lower: number, upper: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.ceil(sorted.length / 2);
  return [median(sorted.slice(0, half)), median(sorted.slice(-half))];
}

/** How many values are below a limit. */
export function won(values: readonly number[], below: number): number {
  return values.filter(value => value < below).length;
}

/**
 * What the rounds of a ratio say: `less` or `more` if both quartiles are on the same side of the limit, otherwise `within noise`.
 */
export function verdict(values: readonly number[], limit = 1): 'less' | 'more' | 'within noise' {
  const [lower, upper] = quartiles(values);
  return upper < limit ? 'less' : lower > limit ? 'more' : 'within noise';
}

export function spread(values: readonly number[]): Spread {
  return {min: Math.min(...values), median: median(values), max: Math.max(...values)};
}

/** Combines what was measured in the same rounds, round by round: the load of the machine is then in both. */
export function pairwise(
  one: readonly number[],
  other: readonly number[],
  combine: (one: number, other: number) => number,
): number[] {
  if (one.length !== other.length) {
    throw new Error(`${one.length} rounds cannot be paired with ${other.length}.`);
  }
  return one.map((value, round) => combine(value, other[round]!));
}

/** Each round's ratio of one to the other. */
export function ratios(one: readonly number[], other: readonly number[]): number[] {
  return pairwise(one, other, (a, b) => a / b);
}

/**
 * Runs the contenders in turn, round after round, each round beginning with another one, so that none of them has always
 * the same one before it.
 *
 * @returns the measurements of each contender, by round
 */
export async function interleave<Name extends string, Value>(
  contenders: Record<Name, () => Value | Promise<Value>>,
  rounds: number,
): Promise<Record<Name, Awaited<Value>[]>> {
  const names = Object.keys(contenders) as Name[];
  const measured = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<
    Name,
    Awaited<Value>[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length]!;
      measured[name].push(await contenders[name]());
    }
  }
  return measured;
}
