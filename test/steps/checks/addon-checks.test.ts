import { expect } from 'chai';
import { addonManifests } from '../../../steps/checks/addon-manifests.ts';
import { istioIngress } from '../../../steps/checks/istio-ingress.ts';
import { karpenterQueue } from '../../../steps/checks/karpenter-queue.ts';
import { preparedRoles } from '../../../steps/checks/prepared-roles.ts';
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

describe('looking ahead for Karpenter', () => {
  const queue = { karpenter: { interruptionQueueOutput: 'karpenter_queue' } };

  async function inModule(files: Readonly<Record<string, string>>): Promise<string[]> {
    const { estateFolder, remove } = await manifestFolder(files);
    const estate = estateWith();
    const changed = { ...estate, addons: addons.parse(queue), terraform: { ...estate.terraform, directory: 'manifests' } };
    const found = await karpenterQueue.run({ estate: changed, run: runWith(), clients: { estateFolder } } as never);
    await remove();
    return found.map(({ severity, message }) => `${severity}: ${message}`);
  }

  it('finds the output with the queue in the Terraform module, in either of its forms', async () => {
    expect(await inModule({ 'main.tf': 'output "karpenter_queue" {\n  value = aws_sqs_queue.karpenter.name\n}\n' })).to.deep.equal([]);
    expect(await inModule({ 'main.tf.json': '{ "output": { "karpenter_queue": { "value": "x" } } }' })).to.deep.equal([]);
    expect(await inModule({ 'main.tf': '# output "karpenter_queue" {\noutput "karpenter_queue_arn" {}\n' })).to.deep.equal([
      'blocker: The Terraform module declares no output karpenter_queue, from which Karpenter shall get its interruption queue.',
    ]);
  });

  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  const trusts: Readonly<Record<string, object>> = {
    node: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    controller: { Effect: 'Allow', Principal: { Service: ['pods.eks.amazonaws.com'] }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    untagged: { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  };
  const iam = {
    async getRole({ RoleName }: { RoleName: string }) {
      const statement = trusts[RoleName];
      if (statement === undefined) throw Object.assign(new Error('no such role'), { name: 'NoSuchEntityException', $metadata: {} });
      const document = encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement: statement }));
      return { Role: { Arn: role(RoleName), AssumeRolePolicyDocument: document } };
    },
  };

  async function ofRoles(karpenter: object): Promise<string[]> {
    const context = { estate: estateWith({ addons: addons.parse({ karpenter }) }), run: runWith(), clients: { iam: async () => iam } };
    const found = await preparedRoles.run(context as never);
    return found.map(({ severity, message }) => `${severity}: ${message}`);
  }

  it('takes prepared roles that exist and trust who shall work with them', async () => {
    expect(await ofRoles({ roleArn: role('controller'), nodeRoleArn: role('node') })).to.deep.equal([]);
  });

  it('refuses prepared roles that are missing, or trust somebody else', async () => {
    expect(await ofRoles({ roleArn: role('untagged'), nodeRoleArn: role('controller') })).to.deep.equal([
      `blocker: The IAM role ${role('untagged')} does not let pods.eks.amazonaws.com do sts:TagSession.`,
      `blocker: The IAM role ${role('controller')} does not let ec2.amazonaws.com do sts:AssumeRole.`,
    ]);
    expect(await ofRoles({ nodeRoleArn: role('gone') })).to.deep.equal([`blocker: The IAM role ${role('gone')} does not exist.`]);
  });

  it('knows that no role can be prepared for the OIDC provider of a cluster to come', async () => {
    const found = await ofRoles({ identity: 'irsa', roleArn: role('controller') });
    expect(found).to.have.length(1);
    expect(found[0]).to.contain("can't be prepared for irsa");
  });
});
