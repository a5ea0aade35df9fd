import { formatJson } from '../../steps/kit/atomic-file.ts';
import { defineCommand } from './command.ts';
import { estateOption, logOption } from './options.ts';
import { runReadOnly } from './temporary-run.ts';

export const preflightCommand = defineCommand({
  name: 'preflight',
  summary: 'Look ahead at everything a drill or a recovery will need; changes nothing',
  examples: [
    ['preflight --mode recover', 'would a recovery succeed tonight? exit status 28 when it would not'],
    ['preflight --target beside', 'the same for another target'],
  ],
  options: {
    estate: estateOption,
    mode: { choices: ['drill', 'recover'] as const, requiresArg: true, default: 'drill' as const, describe: 'What to look ahead at' },
    target: { type: 'string', requiresArg: true, describe: 'A target of the estate (default: its defaultTarget)' },
    log: logOption,
  },
  async run(args, io) {
    const { mode, target, log } = args;
    const { status, outputs } = await runReadOnly({ step: 'preflight', estateFile: args.estate, mode, target, log }, io);
    if (outputs !== null) io.stdout.write(formatJson(outputs));
    return status;
  },
});
