#!/usr/bin/env node
import process from 'node:process';

interface Command {
  readonly summary: string;
  /** The module's `run` takes the arguments after the name, and resolves with the exit code. */
  readonly load: () => Promise<{readonly run: (args: readonly string[]) => Promise<number>}>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  emulator: {
    summary: 'Runs an emulator of Meshes for development and tests',
    load: () => import('./emulator/command.js'),
  },
};

const USAGE = `Usage: npx meshes-workspace <command> [options]

${Object.entries(COMMANDS)
  .map(([name, {summary}]) => `  ${name.padEnd(16)}${summary}`)
  .join('\n')}

  npx meshes-workspace <command> --help shows the options of a command.
`;

const [name = '', ...args] = process.argv.slice(2);
if (name === '' || name === '--help' || name === '-h') {
  process.stdout.write(USAGE);
} else if (Object.hasOwn(COMMANDS, name)) {
  const {run} = await COMMANDS[name]!.load();
  process.exitCode = await run(args);
} else {
  process.stderr.write(`There is no command "${name}".\n\n${USAGE}`);
  process.exitCode = 2;
}
