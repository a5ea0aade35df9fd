import { vaultAddress } from '../../steps/clients/vault.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { formatJson } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { differences } from '../addons/differences.ts';
import { type ListedAddon, listAddons } from '../addons/list.ts';
import { addonsText } from '../addons/show.ts';
import { loadEstate } from '../estate/load.ts';
import { didYouMean } from '../estate/suggest.ts';
import { targetMistakes } from '../new-run.ts';
import { defineCommand } from './command.ts';
import { estateOption } from './options.ts';

export const addonsCommand = defineCommand({
  name: 'addons',
  summary: 'Show the add-ons of the estate: charts, versions, and the values that they will get; connects to nothing',
  examples: [
    ['addons', 'all of them, with what the estate changed'],
    ['addons --only istiod > istiod.yaml', 'a file of values, as helm template --values takes it'],
  ],
  options: {
    estate: estateOption,
    target: { type: 'string', requiresArg: true, describe: 'A target of the estate (default: its defaultTarget)' },
    only: { type: 'string', requiresArg: true, describe: 'The name of one add-on' },
    json: { type: 'boolean', default: false, describe: 'JSON instead of YAML' },
  },
  async run(args, io) {
    const { estate } = await loadEstate(
      args.estate ?? 'eks-dr.yaml',
      io.steps.map(({ id }) => id),
    );
    const { region } = targetOf(estate, args.target ?? estate.defaultTarget);
    const address = estate.vault === undefined ? null : vaultAddress(estate, io.environment);
    const all = await listAddons(estate, { region, vaultAddress: address });
    const chosen = args.only === undefined ? all : [named(args.only, all)];
    if (chosen.length === 0) io.stderr.write('The estate has no add-ons: it names none under addons.\n');
    io.stdout.write(args.json ? formatJson(chosen.map(documentOf)) : addonsText(chosen));
    return 0;
  },
});

function targetOf({ targets }: Estate, name: string): Estate['targets'][string] {
  const target = targets[name];
  if (target !== undefined) return target;
  const [mistake] = targetMistakes(name, Object.keys(targets), '--target');
  throw new EksDrError('bad-usage', { message: `${mistake?.text}.`, target: '--target' });
}

function named(name: string, all: readonly ListedAddon[]): ListedAddon {
  const found = all.find(({ addon }) => addon.name === name);
  if (found !== undefined) return found;
  const names = all.map(({ addon }) => addon.name);
  const known = names.length === 0 ? 'it has none' : `its add-ons: ${names.join(', ')}`;
  throw new EksDrError('bad-usage', {
    message: `The estate has no add-on "${name}" (${didYouMean(name, names) ?? known}).`,
    target: '--only',
    remedy: 'Name one that the command lists without --only, or add it to the estate under addons.',
  });
}

/** `changed`: where the values differ from ours; null for an add-on that is the estate's own. */
function documentOf({ addon, step, ours }: ListedAddon): object {
  const { name, namespace, release, chart, values } = addon;
  return { name, step, namespace, release, ...chart, values, changed: ours === null ? null : differences(values, ours.values) };
}
