import { expect } from 'chai';
import { EksDrError } from '../../steps/kit/errors.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { estateWith } from './context.ts';
import { changesIn, type Delivery, startDelivery } from './delivery.ts';

const TEMPLATES = 'clusters/shop-prod';
const applicationSet = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: carts
spec:
  generators:
    - list: {elements: [{name: cart-api}]}
  template:
    metadata: {name: '{{name}}'}
    spec: {project: catalog, destination: {name: shop-prod}}
`;

describe('an application that an ApplicationSet generates', function () {
  this.timeout(60_000);
  let delivery: Delivery;
  const start = async (generatedApplications: 'live' | 'refuse'): Promise<{ inventory: unknown; connected: unknown }> => {
    delivery = await startDelivery({ estate: { argocd: { ...estateWith().argocd, generatedApplications } } });
    delivery.commit({ [`${TEMPLATES}/catalog/cart-api.yaml`]: null, [`${TEMPLATES}/catalog/carts.yaml`]: applicationSet });
    return { inventory: await delivery.inventory(), connected: delivery.connected };
  };
  afterEach(() => delivery.stop());

  it('is recovered as Argo CD has it, where the estate says so', async () => {
    const needs = await start('live');
    const plan = await delivery.plan(openMergeRequest, needs);
    const files = new Map(
      changesIn(plan).flatMap(({ kind, id, after }) => (kind === 'gitlab.file' ? [[id.path, after]] : [])) as [
        string,
        { content: string },
      ][],
    );
    const text = files.get('recovery/shop-drill-1/generated/cart-api.yaml')?.content ?? '';
    expect(text)
      .to.contain('name: cart-api-shop-drill-1')
      .and.to.contain('releaseName: cart-api')
      .and.to.contain('project: catalog-drill-1');
    expect(text).to.contain('111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop/cart-api').and.not.to.contain('status:');
    expect([...files.keys()].filter((path) => path.includes('carts'))).to.deep.equal([]);
    expect(files.size).to.equal(6);
  });

  it('stops the recovery where the estate does not, with the file and the way on', async () => {
    const needs = await start('refuse');
    const error = await delivery.plan(openMergeRequest, needs).then(
      () => expect.fail('it was rendered'),
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(EksDrError);
    const { message, remedy } = error as EksDrError;
    expect(message).to.contain('catalog/carts.yaml (an ApplicationSet)');
    expect(remedy).to.contain('argocd.generatedApplications: live');
  });
});
