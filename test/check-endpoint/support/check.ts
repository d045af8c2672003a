import {run} from '../../../src/check-endpoint/command.js';
import type {Finding} from '../../../src/check-endpoint/probe.js';

export interface Report {
  endpoint: string;
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
export function seenOf({findings}: Report, ...statuses: Finding['status'][]): string[] {
  return findings
    .filter(({status}) => statuses.includes(status))
    .map(({id, seen}) => `${id}: ${seen}`);
}
