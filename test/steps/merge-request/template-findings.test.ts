import { expect } from 'chai';
import type { Estate } from '../../../steps/estate/estate.ts';
import type { Inventory } from '../../../steps/inventory/inventory.ts';
import { templateFindings } from '../../../steps/merge-request/template-findings.ts';
import { estateWith, runWith } from '../context.ts';
import { type Delivery, startDelivery } from '../delivery.ts';

describe('what preflight finds in the templates', function () {
  this.timeout(60_000);
  let delivery: Delivery;
  afterEach(() => delivery.stop());

  async function findings(translations: Record<string, string> | undefined, prepare: () => void = () => undefined) {
    const { targets } = estateWith();
    const frankfurt = { ...(targets.frankfurt as Estate['targets'][string]), ...(translations === undefined ? {} : { translations }) };
    delivery = await startDelivery({ estate: { targets: { ...targets, frankfurt } } });
    prepare();
    const { estate, clients } = delivery;
    return templateFindings({ estate, clients, run: runWith(), inventory: (await delivery.inventory()) as Inventory });
  }

  it('is nothing where all can be rendered and everything is translated', async () => {
    expect(await findings(undefined)).to.deep.equal([]);
  });

  it('is a warning with words and places where they would still name the primary', async () => {
    const [found, ...others] = await findings({});
    expect(others).to.deep.equal([]);
    expect(found).to.include({ check: 'templates-name-the-primary', severity: 'warning' });
    expect(found?.message).to.include('eu-west-1 (6 places)');
    expect(found?.evidence).to.match(/catalog\/cart-api\.yaml:\d+/);
    expect(found?.remedy).to.include('targets.*.translations');
  });

  it('is a blocker where templates can’t be rendered', async () => {
    const prepare = (): void => delivery.commit({ 'clusters/shop-prod/catalog/kustomization.yaml': 'resources: [cart-api.yaml]\n' });
    const found = await findings(undefined, prepare);
    expect(found.map(({ severity, check }) => [severity, check])).to.deep.equal([['blocker', 'templates-render']]);
    expect(found[0]?.message).to.include('catalog/kustomization.yaml (a kustomization)');
  });
});
