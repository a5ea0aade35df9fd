import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseDocument } from 'yaml';
import { parseEstate } from '../../../pipeline/estate/load.ts';
import { promotedText } from '../../../pipeline/promote/estate-text.ts';
import { recoveredBy } from '../../../pipeline/promote/recovered.ts';
import { reviewLines } from '../../../pipeline/promote/review.ts';
import { steps } from '../../../steps/index.ts';
import type { StepRecord } from '../../../steps/kit/record.ts';
import { failure } from '../../failure.ts';
import { runWith } from '../../steps/context.ts';
import { exampleFile } from '../estate/example.ts';

const recovered = {
  region: 'eu-central-1',
  accountId: '444455556666',
  cluster: 'shop-recover-1',
  argocd: { name: 'shop-recover-1', server: 'https://new.example.com' },
  templates: 'recovery/shop-recover-1',
  vaultMount: 'kubernetes-shop-recover-1',
};
const parsed = (text: string) =>
  parseEstate(
    text,
    'eks-dr.yaml',
    steps.map(({ id }) => id),
  );

describe('promoting a recovered cluster', () => {
  it('changes a few values of the estate, and no other line', async () => {
    const old = await readFile(exampleFile, 'utf8');
    const text = promotedText(old, recovered);
    const [before, after] = [old, text].map((each) => each.split('\n'));
    const lost = before?.filter((line) => !after?.includes(line));
    expect(lost?.map((line) => line.trim().split(':')[0])).to.deep.equal([
      'region',
      'accountId',
      'cluster',
      'name',
      'server',
      'templates',
      'primaryMount',
      'lastGood',
    ]);
    const added = after?.filter((line) => !before?.includes(line));
    expect(added).to.have.length(9);
    expect(text).to.contain("accountId: '444455556666'").and.contain('# To be reviewed since the promotion');
    const estate = parsed(text);
    expect(estate.primary).to.deep.equal({
      region: 'eu-central-1',
      accountId: '444455556666',
      cluster: 'shop-recover-1',
      argocdDestination: recovered.argocd,
    });
    expect(estate.route53).to.deep.equal(parsed(old).route53);
    expect(promotedText(text, recovered)).to.equal(text);
  });

  it('leaves an estate without Vault and without an archive without them', async () => {
    const document = parseDocument(await readFile(exampleFile, 'utf8'));
    for (const path of [['vault'], ['inventory', 'lastGood'], ['addons', 'vaultInjector']]) document.deleteIn(path);
    const estate = parsed(promotedText(document.toString(), { ...recovered, vaultMount: null }));
    expect([estate.vault, estate.inventory.lastGood]).to.deep.equal([undefined, undefined]);
  });

  it('says what people must look at: targets, translations, the state, the drill zone', async () => {
    const lines = reviewLines(parsed(promotedText(await readFile(exampleFile, 'utf8'), recovered))).join('\n');
    expect(lines)
      .to.contain('targets.frankfurt lies in eu-central-1, beside the new primary')
      .and.contain('targets.frankfurt.translations')
      .and.contain('defaultTarget is frankfurt')
      .and.contain('terraform.backend lies in eu-central-1')
      .and.contain('drill.shop.example.com')
      .and.not.contain('targets.beside lies');
  });

  it('refuses a drill, and a recovery that is not finished or was taken back, with every step', async () => {
    const drill = await failure('bad-usage', () => recoveredBy({ run: runWith(), records: {} }, steps));
    expect(drill.message).to.contain('drill-1 is no recovery');
    const ok = { status: 'ok', phase: 'apply', direction: 'forward' } as StepRecord;
    const records = {
      ...Object.fromEntries(steps.map(({ id }) => [id, ok])),
      'await-services': { ...ok, status: 'failed' as const },
      'switch-route53': { ...ok, direction: 'undo' as const },
    };
    const run = runWith({ id: 'recover-1', mode: 'recover' });
    const { message } = await failure('record-not-ok', () => recoveredBy({ run, records }, steps));
    expect(message).to.contain('recover-1 did not come to its end, or was taken back: await-services is failed, switch-route53 was undone');
    const missing = Object.fromEntries(Object.entries(records).filter(([id]) => id !== 'report'));
    expect((await failure('record-not-ok', () => recoveredBy({ run, records: missing }, steps))).message).to.contain('report did not run');
  });
});
