import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lastGoodOf, parseLastGood, readLastGood } from '../../../steps/inventory/last-good.ts';
import { failure } from '../../failure.ts';
import { estateWith } from '../context.ts';
import { cart, INVENTORY } from './example-inventory.ts';

describe('the archived inventory', () => {
  let folder: string;
  const primary = { region: 'eu-west-1', cluster: 'shop-prod' };

  let local: Parameters<typeof readLastGood>[1];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'last-good-'));
    local = { estateFolder: folder, s3: () => expect.fail('nobody should ask S3 for a file') };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (content: string) => {
    writeFileSync(join(folder, 'last-good.json'), content);
    const estate = estateWith();
    return readLastGood(estateWith({ inventory: { ...estate.inventory, lastGood: 'last-good.json' } }), local);
  };

  it('gives back every part that it was made from, each with its own age', async () => {
    const parts = await read(JSON.stringify(lastGoodOf(INVENTORY)));
    expect(parts?.namespaces).to.deep.equal({ takenAt: '2026-01-05T03:00:00.000Z', value: INVENTORY.namespaces });
    expect(parts?.applications?.value).to.deep.equal({
      applications: [{ ...cart, name: 'adhoc' }, cart],
      clusters: INVENTORY.argocd.clusters,
    });
    expect(parts?.templates?.value).to.deep.equal(INVENTORY.templates);
  });

  it('is none where the estate names none, or the file is not there', async () => {
    const { lastGood: _none, ...inventory } = estateWith().inventory;
    expect(await readLastGood(estateWith({ inventory }), local)).to.equal(null);
    expect(await readLastGood(estateWith(), local)).to.equal(null);
  });

  it('says what is damaged about a damaged one', async () => {
    const { parts, ...rest } = lastGoodOf(INVENTORY);
    const namespaces = { ...parts.namespaces, value: [{ labels: {} }] };
    const error = await failure('input-invalid', read(JSON.stringify({ ...rest, parts: { ...parts, namespaces } })));
    expect(error.message).to.contain('damaged').and.to.contain('parts.namespaces');
    const cut = await failure('input-not-json', read('{"kind": "eks-dr-inv'));
    expect(cut.message).to.contain('archived inventory').and.to.contain('last-good.json');
    expect(cut.remedy).to.contain('inventory.lastGood');
    await failure('input-invalid', read('[]'));
  });

  it('may be of an older version, which did not know every part', async () => {
    const { parts, ...rest } = lastGoodOf(INVENTORY);
    const { namespaces: _unknown, ...known } = parts;
    const older = await read(JSON.stringify({ ...rest, parts: known }));
    expect(older?.namespaces).to.equal(undefined);
    expect(older?.templates?.value).to.deep.equal(INVENTORY.templates);
  });

  it('leaves out what is not known', async () => {
    const unknown = { ...INVENTORY.parts.records, source: 'unknown', reason: 'lost' } as const;
    const document = lastGoodOf({ ...INVENTORY, records: null, parts: { ...INVENTORY.parts, records: unknown } });
    expect(document.parts).not.to.have.property('records');
    expect((await read(JSON.stringify(document)))?.records).to.equal(undefined);
  });

  it('has no annotations and quotas where it is of a version that read none', async () => {
    const { parts, ...rest } = lastGoodOf(INVENTORY);
    const namespaces = { ...parts.namespaces, value: [{ name: 'shop', labels: { team: 'a' } }] };
    const older = await read(JSON.stringify({ ...rest, parts: { ...parts, namespaces } }));
    expect(older?.namespaces?.value).to.deep.equal([{ name: 'shop', labels: { team: 'a' }, annotations: {}, limits: [] }]);
  });

  it('is refused when it is of another primary, or of another version', async () => {
    const document = lastGoodOf(INVENTORY);
    await failure('input-invalid', () => parseLastGood({ ...document, primary: { ...primary, cluster: 'other' } }, 'x', primary));
    const error = await failure('input-invalid', () => parseLastGood({ ...document, schema: 2 }, 'x', primary));
    expect(error.remedy).to.contain('eks-dr inventory');
  });
});
