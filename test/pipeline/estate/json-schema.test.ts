import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { estateJsonSchema, keysAt, writeEstateSchema } from '../../../pipeline/estate/json-schema.ts';

describe('the estate as JSON Schema', () => {
  it('lets be left out what has a default', () => {
    const schema = estateJsonSchema() as { required: string[]; additionalProperties: boolean };
    expect(schema.required).to.include.members(['schema', 'name', 'primary', 'targets']);
    expect(schema.required).not.to.include('rto');
    expect(schema.additionalProperties).to.equal(false);
  });

  it('knows the keys at a path, through lists, names and alternatives', () => {
    const schema = estateJsonSchema();
    expect(keysAt(schema, ['services', 'tiers', 0])).to.deep.equal(['name', 'require']);
    expect(keysAt(schema, ['targets', 'anything'])).to.include('kubernetesVersion');
    expect(keysAt(schema, ['drill', 'services'])).to.deep.equal(['tiers', 'names', 'except']);
    expect(keysAt(schema, ['terraform', 'variables', 'a', 'b'])).to.deep.equal([]);
  });

  it('writes the file once, and a check only tells', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eks-dr-schema-'));
    try {
      const file = join(folder, 'estate.schema.json');
      expect(await writeEstateSchema(file, { check: true })).to.equal(false);
      expect(await writeEstateSchema(file, { check: false })).to.equal(false);
      expect(await writeEstateSchema(file, { check: true })).to.equal(true);
      expect(JSON.parse(await readFile(file, 'utf8'))).to.deep.equal(estateJsonSchema());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
