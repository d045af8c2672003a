#!/usr/bin/env node
/** `npx meshes-workspace`. The module of a command is loaded when the command is called. */

interface Output {
  out: (text: string) => void;
  error: (text: string) => void;
}

interface Command {
  summary: string;
  load: () => Promise<{run: (args: readonly string[], output: Output) => Promise<number>}>;
}

const COMMANDS: Record<string, Command> = {
  emulator: {
    summary: 'Runs an emulator of Meshes, for development and tests',
    load: () => import('./emulator/command.js'),
  },
  'check-endpoint': {
    summary: 'Checks a session endpoint, in any language, over HTTP',
    load: () => import('./check-endpoint/command.js'),
  },
  early: {
    summary: 'Prints the script that requests a session early',
    load: () => import('./instant/early-command.js'),
  },
};

const USAGE = `Usage: npx meshes-workspace COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, {summary}]) => `  ${name.padEnd(16)}${summary}`)
  .join('\n')}

Run "npx meshes-workspace COMMAND --help" for the options of a command.
`;

const output: Output = {
  out: text => void process.stdout.write(text),
  error: text => void process.stderr.write(text),
};

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    output.out(USAGE);
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    output.error(
      `${name === undefined ? 'A command is missing.' : 'Unknown command.'}\n\n${USAGE}`,
    );
    return 2;
  }
  const {run} = await command.load();
  return run(args, output);
}

/** Returns the name and the stack of an error without its message, which could contain a value of the command line. */
function placesOf(error: unknown): string {
  const {name, stack = ''} = error instanceof Error ? error : new Error();
  return [name, ...(stack.match(/^ +at .+$/gm) ?? [])].join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  output.error(
    `The command failed because of a bug. Please report it with these lines:\n${placesOf(error)}\n`,
  );
  process.exitCode = 2;
}

export {};
