import { expect } from 'chai';
import { addonManifests } from '../../../steps/checks/addon-manifests.ts';
import { istioIngress } from '../../../steps/checks/istio-ingress.ts';
import { addons } from '../../../steps/estate/addons.ts';
import type { Finding } from '../../../steps/kit/step.ts';
import type { Check } from '../../../steps/step.ts';
import { estateWith, runWith } from '../context.ts';
import { manifestFolder } from '../manifests/folder.ts';

async function messages(check: Check, given: object, estateFolder = '.'): Promise<string[]> {
  const context = { estate: estateWith({ addons: addons.parse(given) }), run: runWith(), clients: { estateFolder } };
  const found: readonly Finding[] = await check.run(context as never);
  return found.map(({ severity, message }) => `${severity}: ${message}`);
}

describe('looking ahead for Istio', () => {
  it('refuses certificates of another region or account, as a load balancer does', async () => {
    const good = 'arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d';
    const lost = 'arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d';
    const foreign = 'arn:aws:acm:eu-central-1:444455556666:certificate/0a1b2c3d';
    expect(await messages(istioIngress, { istio: { certificateArns: [good, lost, foreign, 'shop.example.com'] } })).to.deep.equal([
      `blocker: The certificate ${lost} lies in eu-west-1, but the load balancer will be in eu-central-1.`,
      `blocker: The certificate ${foreign} belongs to the account 444455556666, but the load balancer will be in 111122223333.`,
      'blocker: The certificate shop.example.com is no certificate of ACM or IAM.',
    ]);
  });

  it('refuses host names that no Gateway takes', async () => {
    const hosts = [
      'shop.example.com',
      '*.example.com',
      '*',
      'shop/api.example.com',
      './*',
      'https://shop.example.com',
      'a.*.example.com',
      'Shop.example.com',
    ];
    expect(await messages(istioIngress, { istio: { hosts } })).to.deep.equal([
      'blocker: "https://shop.example.com" is no host that a Gateway takes.',
      'blocker: "a.*.example.com" is no host that a Gateway takes.',
      'blocker: "Shop.example.com" is no host that a Gateway takes.',
    ]);
  });

  it('says nothing where the estate has no Istio', async () => {
    expect(await messages(istioIngress, {})).to.deep.equal([]);
  });
});

describe('looking ahead for manifests', () => {
  it('tells all mistakes of all folders', async () => {
    const { estateFolder, remove } = await manifestFolder({
      'a.yaml': 'kind: Gateway\nmetadata: { name: a }\n',
      'b.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: b, namespace: n }\n',
    });
    const found = await messages(addonManifests, { istio: { manifests: 'manifests' }, karpenter: { manifests: 'nowhere' } }, estateFolder);
    await remove();
    expect(found).to.have.length(2);
    expect(found[0]).to.match(/^blocker: The folder nowhere can't be read: /);
    expect(found[1]).to.equal('blocker: manifests/a.yaml, document 1, line 1: apiVersion is missing.');
  });
});
