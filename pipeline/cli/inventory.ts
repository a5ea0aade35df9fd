import { inventory } from '../../steps/inventory/inventory.ts';
import { lastGoodOf } from '../../steps/inventory/last-good.ts';
import { formatJson } from '../../steps/kit/atomic-file.ts';
import { defineCommand } from './command.ts';
import { estateOption, logOption } from './options.ts';
import { runReadOnly } from './temporary-run.ts';
import { writeOut } from './write-out.ts';

export const inventoryCommand = defineCommand({
  name: 'inventory',
  summary: 'Take the inventory of the primary, to be archived for the night of the disaster',
  examples: [['inventory --out inventory/last-good.json', 'what inventory.lastGood of the estate should name']],
  options: {
    estate: estateOption,
    out: { type: 'string', requiresArg: true, describe: 'The file to write (default: standard output)' },
    log: logOption,
  },
  async run(args, io) {
    const { status, outputs } = await runReadOnly(
      { step: 'take-inventory', estateFile: args.estate, mode: 'drill', target: undefined, log: args.log },
      io,
    );
    if (outputs === null) return status;
    const document = formatJson(lastGoodOf(inventory.parse(outputs)));
    if (args.out === undefined) io.stdout.write(document);
    else await writeOut(args.out, document);
    return status;
  },
});
