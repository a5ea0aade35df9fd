import { parseArgs } from 'node:util';
import { clockScale } from '../../steps/environment.ts';
import { estate as estateSchema } from '../../steps/estate/estate.ts';
import { createClock } from '../../steps/kit/clock.ts';
import { readDocuments } from '../../steps/kit/documents.ts';
import { asEksDrError, EksDrError, exitStatus } from '../../steps/kit/errors.ts';
import { parseAs } from '../../steps/kit/parse.ts';
import { approvalMessage } from './state/approval-message.ts';
import { approve } from './state/approve.ts';
import { found } from './state/found.ts';
import { init } from './state/init.ts';
import { summary } from './state/summary.ts';

// What the Groovy of the library must not do: jenkins/state.js <command> [step] --in FOLDER. One JSON object on standard output.
const usage = 'Usage: state.js <init | approval-message STEP | approve STEP [--by USER] | found STEP | summary> --in FOLDER [--undo]';

try {
  process.stdout.write(`${JSON.stringify(await answer(process.argv.slice(2), process.env))}\n`);
} catch (thrown) {
  const error = asEksDrError(thrown);
  for (const one of [error, ...error.also]) process.stderr.write(`eks-dr: ${one.message}\n  -> ${one.remedy}\n`);
  process.exitCode = exitStatus[error.category];
}

async function answer(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<object> {
  const { values, positionals } = parse(args);
  const [command, step = ''] = positionals;
  const folder = values.in;
  const direction = values.undo === true ? 'undo' : 'forward';
  if (folder === undefined) throw badUsage('--in is missing');
  switch (command) {
    case 'init':
      return init({ folder, environment, direction, now: Date.now() });
    case 'approval-message':
      return approvalMessage(folder, step, direction, environment);
    case 'approve': {
      const scale = await scaleOf(folder, environment);
      const clock = (run: { readonly startedAt: string }) => createClock(scale, Date.parse(run.startedAt));
      return approve({ folder, step, direction, environment, by: values.by, clock });
    }
    case 'found':
      return found(folder, step);
    case 'summary':
      return summary(folder, environment);
    default:
      throw badUsage(command === undefined ? 'name a command' : `"${command}" is no command`);
  }
}

async function scaleOf(folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { estate } = await readDocuments(folder);
  return clockScale(environment, parseAs(estateSchema, estate, 'estate.json', 'estate-invalid'));
}

function parse(args: readonly string[]) {
  try {
    const options = { in: { type: 'string' }, by: { type: 'string' }, undo: { type: 'boolean' } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (thrown) {
    throw badUsage(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function badUsage(message: string): EksDrError {
  return new EksDrError('bad-usage', { message: `${message}.`, remedy: usage });
}
