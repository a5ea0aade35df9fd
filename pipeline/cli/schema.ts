import { estateSchemaText } from '../estate/json-schema.ts';
import { defineCommand } from './command.ts';
import { writeOut } from './write-out.ts';

export const schemaCommand = defineCommand({
  name: 'schema',
  summary: 'Print the JSON Schema of the estate, for editors that check while you type',
  examples: [['schema --out estate.schema.json', 'then: # yaml-language-server: $schema=estate.schema.json']],
  options: { out: { type: 'string', requiresArg: true, describe: 'The file to write (default: standard output)' } },
  async run(args, io) {
    if (args.out === undefined) io.stdout.write(estateSchemaText());
    else await writeOut(args.out, estateSchemaText());
    return 0;
  },
});
