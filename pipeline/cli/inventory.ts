import { inventory } from '../../steps/inventory/inventory.ts';
import { lastGoodOf } from '../../steps/inventory/last-good.ts';
import { inventorySummary } from '../../steps/inventory/summary.ts';
import { formatJson } from '../../steps/kit/atomic-file.ts';
import { loadEstate } from '../estate/load.ts';
import { defineCommand } from './command.ts';
import { estateOption, logOption } from './options.ts';
import { runReadOnly } from './temporary-run.ts';
import { refusePlace, writeInventory } from './write-inventory.ts';

export const inventoryCommand = defineCommand({
  name: 'inventory',
  summary: 'Take the inventory of the primary, to be archived for the night of the disaster',
  examples: [
    ['inventory --out inventory/last-good.json', 'what inventory.lastGood of the estate should name'],
    [
      'inventory --out s3://shop-inventory/shop-prod.json',
      'the same in a bucket outside of the primary region, which should keep versions',
    ],
    ['inventory --summary', 'what there is, on a page for people'],
  ],
  options: {
    estate: estateOption,
    out: { type: 'string', requiresArg: true, describe: 'The file, or s3://bucket/key, to write (default: standard output)' },
    summary: { type: 'boolean', default: false, describe: 'Print a page for people instead of the document; with --out, beside it' },
    log: logOption,
  },
  async run(args, io) {
    if (args.out !== undefined) refusePlace(args.out);
    const { status, outputs } = await runReadOnly(
      { step: 'take-inventory', estateFile: args.estate, mode: 'drill', target: undefined, log: args.log },
      io,
    );
    if (outputs === null) return status;
    const taken = inventory.parse(outputs);
    const document = formatJson(lastGoodOf(taken));
    if (args.out !== undefined) {
      const stepIds = io.steps.map(({ id }) => id);
      const { estate } = await loadEstate(args.estate ?? 'eks-dr.yaml', stepIds);
      await writeInventory(args.out, document, estate);
    }
    if (args.summary) io.stdout.write(inventorySummary(taken));
    else if (args.out === undefined) io.stdout.write(document);
    return status;
  },
});
