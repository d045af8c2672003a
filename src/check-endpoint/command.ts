import {readOptions, USAGE, UsageError} from './options.js';
import {PROBES} from './probes/index.js';
import {formatJson, formatText} from './report.js';
import {runProbes, Unreachable} from './run-probes.js';

export interface Output {
  out: (text: string) => void;
  error: (text: string) => void;
}

/** Runs `meshes-workspace check-endpoint`, and returns its exit code. */
export async function run(args: readonly string[], {out, error}: Output): Promise<number> {
  try {
    const command = readOptions(args);
    if (!command) {
      out(USAGE);
      return 0;
    }
    const {settings, json} = command;
    const result = await runProbes(settings, PROBES);
    out((json ? formatJson : formatText)(settings.endpoint, result));
    return result.findings.some(({status}) => status === 'failed') ? 1 : 0;
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      error(
        `${thrown.message}\nRun "npx meshes-workspace check-endpoint --help" for all options.\n`,
      );
      return 2;
    }
    if (thrown instanceof Unreachable) {
      error(
        `No server responds at this URL (${thrown.message}). Most likely, the application is not running.\n`,
      );
      return 2;
    }
    throw thrown;
  }
}
