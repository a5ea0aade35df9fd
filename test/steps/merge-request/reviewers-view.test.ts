import { expect } from 'chai';
import type { Estate } from '../../../steps/estate/estate.ts';
import type { PlanItem } from '../../../steps/kit/plan.ts';
import { openMergeRequest } from '../../../steps/open-merge-request.ts';
import { estateWith, runWith } from '../context.ts';
import { changesIn, type Delivery, startDelivery } from '../delivery.ts';

interface Inventory {
  readonly services: { name: string; images: string[] }[];
}

describe('what the reviewer of a recovery is shown', function () {
  this.timeout(60_000);
  let delivery: Delivery;
  let plan: PlanItem[][];
  afterEach(() => delivery.stop());

  /** The description of the request, for an estate with this of its target and of GitLab changed. */
  async function description(
    change: { readonly translations?: Record<string, string>; readonly gitlab?: Partial<Estate['gitlab']> },
    prepare: (inventory: Inventory) => void = () => undefined,
  ): Promise<string> {
    const { targets, gitlab } = estateWith();
    const frankfurt = {
      ...(targets.frankfurt as Estate['targets'][string]),
      ...(change.translations ? { translations: change.translations } : {}),
    };
    delivery = await startDelivery({ estate: { targets: { ...targets, frankfurt }, gitlab: { ...gitlab, ...change.gitlab } } });
    const inventory = (await delivery.inventory()) as Inventory;
    prepare(inventory);
    plan = await delivery.plan(openMergeRequest, { inventory, connected: delivery.connected });
    const request = changesIn(plan).find(({ kind }) => kind === 'gitlab.merge-request');
    return (request?.after as { description: string } | undefined)?.description ?? '';
  }

  it('is each word that still names the primary, with its places', async () => {
    const text = await description({ translations: {} });
    expect(text).to.match(/\| `eu-west-1` \| region \| 6 \| `recovery\/shop-drill-1\/catalog\/cart-api.yaml:\d+`, .* and 3 more \|/);
    expect(text).to.match(/\| critical \| cart-api \|.*\| names the primary \(1 in its file\) \|/);
  });

  it('is what may stay, with the reason of the estate', async () => {
    const allowedLiterals = [{ literal: 'eu-west-1', files: ['catalog'], reason: 'the cart | stays there' }];
    const text = await description({ translations: {}, gitlab: { allowedLiterals } });
    expect(text).to.include('| `eu-west-1` | 1 | the cart \\| stays there |');
    expect(text).not.to.match(/\| `eu-west-1` \| region.*cart-api/);
  });

  it('is what values in Git still name, which no template can change', async () => {
    const prepare = (): void => delivery.commit({ 'charts/service/values-batch.yaml': '# eu-west-1\nregion: eu-west-1\n' });
    expect(await description({}, prepare)).to.include(
      '| `eu-west-1` | region | 1 | `platform/argocd-apps: charts/service/values-batch.yaml:2` |',
    );
  });

  it('is which images values in Git have in another version than ran, unless the template names them', async () => {
    const values = 'sidecar: {image: {repository: registry.example.com/shop/sidecar, tag: "4"}}\nimage: {tag: "0"}\n';
    const text = await description({}, ({ services }) => {
      services.find(({ name }) => name === 'order-export')?.images.push('registry.example.com/shop/sidecar:3');
      delivery.commit({ 'charts/service/values-batch.yaml': values });
    });
    const [, table = ''] = text.split('### Images that Git');
    expect(table.split('###')[0]?.match(/^\| [a-z].*$/gm)).to.deep.equal([
      '| order-export | `registry.example.com/shop/sidecar` | `4` | `3` |',
    ]);
  });

  it('is what Git overrides for an application by its name, and the recovered one takes along', async () => {
    const override = 'helm:\n  parameters:\n    - name: sidecar.image\n      value: registry.example.com/shop/sidecar:3\n';
    const text = await description({}, ({ services }) => {
      services.find(({ name }) => name === 'cart-api')?.images.push('registry.example.com/shop/sidecar:3');
      delivery.commit({ 'charts/service/.argocd-source-cart-api.yaml': override });
    });
    expect(text).to.match(/\| cart-api \|.*with what Git overrides for the primary’s \|/);
    const file = changesIn(plan).find(({ id }) => id.path === 'recovery/shop-drill-1/catalog/cart-api.yaml');
    expect((file?.after as { content: string } | undefined)?.content).to.include(
      '- name: sidecar.image\n          value: registry.example.com/shop/sidecar:3',
    );
  });

  it('is where an override is no YAML', async () => {
    const text = await description({}, ({ services }) => {
      services.find(({ name }) => name === 'cart-api')?.images.push('registry.example.com/shop/sidecar:3');
      delivery.commit({ 'charts/service/.argocd-source-cart-api.yaml': 'helm: [' });
    });
    expect(text).to.include('.argocd-source-cart-api.yaml, 1 in number: it is not YAML');
  });

  it('begins with the way to the run', async () => {
    delivery = await startDelivery();
    const needs = { inventory: await delivery.inventory(), connected: delivery.connected };
    const run = runWith({ url: 'https://jenkins.example.com/job/EKS-DR/7/' });
    const request = changesIn(await delivery.plan(openMergeRequest, needs, { run })).find(({ kind }) => kind === 'gitlab.merge-request');
    expect((request?.after as { description: string } | undefined)?.description).to.include(
      '| Run | [`drill-1`](https://jenkins.example.com/job/EKS-DR/7/) |',
    );
  });

  it('is nothing to look at where everything is translated', async () => {
    const text = await description({});
    expect(text).not.to.include('still names the primary').and.not.to.include('could not be looked at');
    expect(text).to.include('- `eu-west-1` is `eu-central-1` now, in');
  });

  it('is which images moved, and which come from the registry of the primary by a chart', async () => {
    const text = await description({}, ({ services }) => {
      const cart = services.find(({ name }) => name === 'cart-api');
      if (cart !== undefined)
        cart.images = [
          '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart-api:1.7.0',
          '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/helper:2',
        ];
    });
    expect(text).to.include('| cart-api | `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/cart-api` | `1.8.4` | `1.7.0` |');
    expect(text).to.include('| `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/helper:2` | cart-api |');
    expect(text).to.match(/\| cart-api \| `cart-api-shop-drill-1` \| `catalog-drill-1` \| image moved \|/);
  });
});
