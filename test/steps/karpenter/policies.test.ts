import { expect } from 'chai';
import { controllerPolicies } from '../../../steps/karpenter/policies.ts';
import { documentSize } from '../../../steps/resources/iam-document.ts';

const LONGEST_CLUSTER = 'c'.repeat(100);
const facts = {
  cluster: LONGEST_CLUSTER,
  region: 'ap-southeast-4',
  accountId: '111122223333',
  nodeRoleArn: `arn:aws:iam::111122223333:role/${'r'.repeat(64)}`,
  queue: 'q'.repeat(80),
};

interface Document {
  readonly Statement: readonly { readonly Action: string | readonly string[]; readonly Resource: string | readonly string[] }[];
}

describe('the permissions of Karpenter’s controller', () => {
  it('are six policies of 18 statements and 32 actions', async () => {
    const policies = await controllerPolicies(facts);
    const statements = policies.flatMap(({ document }) => (document as unknown as Document).Statement);
    expect(policies.map(({ part }) => part)).to.have.length(6);
    expect(statements).to.have.length(18);
    expect(new Set(statements.flatMap(({ Action }) => Action))).to.have.property('size', 32);
  });

  it('fit, each of them, with the longest names', async () => {
    for (const { part, document } of await controllerPolicies(facts)) expect(documentSize(document), part).to.be.below(6_144);
  });

  it('would not fit into one policy', async () => {
    const sizes = (await controllerPolicies(facts)).map(({ document }) => documentSize(document));
    expect(sizes.reduce((sum, size) => sum + size)).to.be.above(6_144);
  });

  it('name this cluster, its account, its region and the nodes’ role, and nothing is left to fill in', async () => {
    const policies = await controllerPolicies({ ...facts, cluster: 'shop-r1', region: 'cn-north-1', queue: 'shop-r1-interruption' });
    const text = JSON.stringify(policies);
    expect(text).not.to.match(/\{\{|undefined|arn:aws:ec2/);
    expect(text).to.contain('arn:aws-cn:eks:cn-north-1:111122223333:cluster/shop-r1');
    expect(text).to.contain('arn:aws-cn:sqs:cn-north-1:111122223333:shop-r1-interruption');
    expect(text).to.contain('"iam:PassedToService":"ec2.amazonaws.com.cn"');
    expect(text).to.contain(facts.nodeRoleArn);
  });

  it('leave the queue out where there is none', async () => {
    const policies = await controllerPolicies({ ...facts, queue: null });
    expect(policies).to.have.length(5);
    expect(JSON.stringify(policies)).not.to.contain('sqs');
  });
});
