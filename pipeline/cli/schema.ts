import { estateSchemaText } from '../estate/json-schema.ts';
import { inventorySchemaText } from '../inventory-schema.ts';
import { defineCommand } from './command.ts';
import { writeOut } from './write-out.ts';

const texts = { estate: estateSchemaText, inventory: inventorySchemaText } as const;

export const schemaCommand = defineCommand({
  name: 'schema',
  positional: '[document]',
  summary: 'Print the JSON Schema of the estate, for editors that check while you type, or of the archived inventory',
  examples: [
    ['schema --out estate.schema.json', 'then: # yaml-language-server: $schema=estate.schema.json'],
    ['schema inventory', 'what eks-dr inventory writes, for who reads it elsewhere'],
  ],
  options: {
    document: { choices: ['estate', 'inventory'] as const, default: 'estate' as const, describe: 'Whose schema' },
    out: { type: 'string', requiresArg: true, describe: 'The file to write (default: standard output)' },
  },
  async run(args, io) {
    const text = texts[args.document]();
    if (args.out === undefined) io.stdout.write(text);
    else await writeOut(args.out, text);
    return 0;
  },
});
