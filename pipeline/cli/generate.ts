import { join } from 'node:path';
import { readJsonFile } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { defineCommand } from './command.ts';
import { estateOption } from './options.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Write the Jenkins repository of an estate: pipelines, library, jobs, pinned steps',
  examples: [
    ['generate --estate eks-dr.yaml --out ../eks-dr-jenkins', 'writes what differs, then commit it'],
    ['generate --estate eks-dr.yaml --out ../eks-dr-jenkins --check', 'exit status 1 when something differs; for CI'],
  ],
  options: {
    estate: estateOption,
    out: { type: 'string', requiresArg: true, demandOption: true, describe: 'The folder of the repository' },
    settings: {
      type: 'string',
      requiresArg: true,
      describe: 'A JSON file: how it fits into your Jenkins (folder, job, agentLabel, ...)',
    },
    check: { type: 'boolean', default: false, describe: 'Compare only' },
  },
  async run(args, io) {
    // Loaded only here: nothing else that eks-dr does needs a generator.
    const { generateFromEstate } = await import('../jenkins/from-estate.ts');
    const { differences, exitStatus, bundleDigest } = await generateFromEstate({
      estateFile: args.estate ?? 'eks-dr.yaml',
      steps: io.steps,
      dist: join(io.stepsFolder, '..'),
      out: args.out,
      check: args.check,
      tool: `eks-dr ${io.version}`,
      ...(args.settings === undefined ? {} : { settings: await settingsIn(args.settings) }),
    });
    for (const difference of differences) io.stdout.write(`${args.check ? 'differs' : 'written'}: ${difference.path}\n`);
    io.stdout.write(`bundle sha256 ${bundleDigest}\n`);
    return exitStatus;
  },
});

async function settingsIn(file: string): Promise<unknown> {
  const settings = await readJsonFile(file);
  if (settings !== undefined) return settings;
  throw new EksDrError('input-unreadable', { message: `${file} does not exist.`, target: '--settings' });
}
