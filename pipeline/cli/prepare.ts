import { stringify } from 'yaml';
import { prepareRoles } from '../../steps/prepare-roles.ts';
import { readRecord } from '../runner/folder.ts';
import { defineCommand } from './command.ts';
import { estateOption, logOption } from './options.ts';
import { noArguments, walkAndTell } from './walk.ts';

export const prepareCommand = defineCommand({
  name: 'prepare',
  summary: 'Make IAM roles and lower the TTL of DNS records ahead of time; tells what to put into the estate',
  examples: [
    ['prepare', 'shows what would be made, asks, and prints the lines for eks-dr.yaml'],
    ['undo --run .eks-dr/prepare-20270112-093000', 'takes back what a preparation made'],
  ],
  options: {
    estate: estateOption,
    target: { type: 'string', requiresArg: true, describe: 'A target of the estate (default: its defaultTarget)' },
    run: { type: 'string', requiresArg: true, describe: 'The run folder (default: .eks-dr/<run id>); one that holds a run continues it' },
    log: logOption,
  },
  async run(args, io) {
    const { opened, status } = await walkAndTell(
      {
        folder: args.run,
        estateFile: args.estate,
        run: { ...noArguments, mode: 'prepare', target: args.target, reason: 'ahead of time' },
        approve: undefined,
        direction: 'forward',
        log: args.log,
      },
      io,
    );
    if (status !== 0) return status;
    const outputs = prepareRoles.outputs.parse((await readRecord(opened.folder, prepareRoles.id))?.outputs);
    const isComplete = Object.keys(outputs.estate).length === 0;
    io.stdout.write(
      isComplete ? '# The estate names all of it already.\n' : `# For ${args.estate ?? 'eks-dr.yaml'}:\n${stringify(outputs.estate)}`,
    );
    return status;
  },
});
