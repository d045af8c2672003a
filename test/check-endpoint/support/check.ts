import {run} from '../../../src/check-endpoint/command.js';
import {readOptions} from '../../../src/check-endpoint/options.js';
import type {Finding, Probe} from '../../../src/check-endpoint/probe.js';
import {PROBES} from '../../../src/check-endpoint/probes/index.js';
import {type Result, runProbes} from '../../../src/check-endpoint/run-probes.js';

export interface Report {
  endpoint: string;
  incomplete: boolean;
  summary: Record<'passed' | 'failed' | 'warnings' | 'unknown', number>;
  sessions: {created: number; ended: number};
  findings: Finding[];
}

export interface Run {
  exitCode: number;
  out: string;
  error: string;
}

/** Runs the command in this process. */
export async function runCheck(args: readonly string[]): Promise<Run> {
  let out = '';
  let error = '';
  const exitCode = await run(args, {
    out: text => (out += text),
    error: text => (error += text),
  });
  return {exitCode, out, error};
}

export async function check(args: readonly string[]): Promise<Report & {exitCode: number}> {
  const {exitCode, out, error} = await runCheck([...args, '--json']);
  if (error !== '') throw new Error(error);
  return {...(JSON.parse(out) as Report), exitCode};
}

/** `id: what was seen`, of each finding with one of the statuses. */
export function seenOf(
  {findings}: Pick<Report, 'findings'>,
  ...statuses: Finding['status'][]
): string[] {
  return findings
    .filter(({status}) => statuses.includes(status))
    .map(({id, seen}) => `${id}: ${seen}`);
}

/** The IDs of the probes that report something, sorted. Those that only warn are marked. */
export function reportedIn({findings}: Pick<Report, 'findings'>): string[] {
  return findings
    .filter(({status}) => status === 'failed' || status === 'warning')
    .map(({id, status}) => (status === 'failed' ? id : `${id} (warning)`))
    .sort();
}

/** Checks with all probes whose result does not depend on time, so that requests can have as long as they need. */
export function checkQuickly(args: readonly string[]): Promise<Result> {
  return checkWith(
    args,
    PROBES.filter(({id, isSlow}) => !isSlow && id !== 'answer-time'),
  );
}

/** Checks with the probe that sends half of a body, and waits. */
export function checkSlowBody(args: readonly string[]): Promise<Result> {
  return checkWith(
    args,
    PROBES.filter(({id}) => id === 'slow-body'),
  );
}

async function checkWith(args: readonly string[], probes: readonly Probe[]): Promise<Result> {
  const command = readOptions(args);
  if (!command) throw new Error('--help checks nothing.');
  return runProbes(command.settings, probes);
}
