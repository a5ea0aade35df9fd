import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks as eksSystem } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { globalRegion, partitionOf } from '../../../steps/clients/aws.ts';
import { failure } from '../../failure.ts';
import { ACCOUNT, type Remote, startRemote } from '../remote.ts';

describe('the AWS clients', () => {
  let remote: Remote;

  beforeEach(async () => {
    remote = await startRemote([sts, iam, ec2, eksSystem]);
  });

  afterEach(() => remote.stop());

  it('log in with the default chain and say who we are', async () => {
    const client = await remote.clients.sts('eu-central-1');
    expect((await client.getCallerIdentity({})).Account).to.equal(ACCOUNT);
  });

  it('are made once per region', async () => {
    const { eks } = remote.clients;
    expect(await eks('eu-central-1')).to.equal(await eks('eu-central-1'));
    expect(await eks('eu-central-1')).not.to.equal(await eks('eu-west-1'));
  });

  it('tell an unknown key from a missing permission', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAUNKNOWNUNKNOWN00';
    const client = await remote.clients.sts('eu-central-1');
    await failure('credentials-missing', client.getCallerIdentity({}));
  });

  it('say that credentials are missing when there are none', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    try {
      const client = await remote.clients.sts('eu-central-1');
      const error = await failure('credentials-missing', client.getCallerIdentity({}));
      expect(error.remedy).to.contain('AWS_ACCESS_KEY_ID');
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    }
  });

  it('try again after throttling, server errors and cut connections', async () => {
    const { faults } = remote.running;
    faults.add({ system: 'eks', operation: 'eks:ListClusters', nth: 1, effect: 'throttle' });
    faults.add({ system: 'eks', operation: 'eks:ListClusters', nth: 2, effect: { status: 503 } });
    faults.add({ system: 'eks', operation: 'eks:ListClusters', nth: 3, effect: 'cut-before' });
    const client = await remote.clients.eks('eu-central-1');
    expect((await client.listClusters({})).clusters).to.deep.equal([]);
  });

  it('give up as unavailable when a system stays down', async () => {
    remote.running.faults.add({ system: 'eks', operation: 'eks:ListClusters', times: 'always', effect: { status: 503 } });
    const client = await remote.clients.eks('eu-central-1');
    await failure('remote-unavailable', client.listClusters({}));
  });

  it('call HTML in the place of an answer invalid, where a list in XML would be empty too', async () => {
    const { faults } = remote.running;
    const effect = { body: '<html><body>Log in first</body></html>', contentType: 'text/html; charset=utf-8' };
    faults.add({ system: '*', operation: '*', times: 'always', effect });
    const { eks, ec2: ec2Of, iam: iamOf, sts: stsOf } = remote.clients;
    await failure('remote-answer-invalid', (await eks('eu-central-1')).listClusters({}));
    await failure('remote-answer-invalid', (await stsOf('eu-central-1')).getCallerIdentity({}));
    await failure('remote-answer-invalid', (await ec2Of('eu-central-1')).describeVpcs({}));
    const error = await failure('remote-answer-invalid', (await iamOf()).listRoles({}));
    expect(error.message).to.contain('iam:ListRoles').and.to.contain('text/html');
    faults.clear();
    faults.add({ system: '*', operation: '*', times: 'always', effect: { ...effect, status: 403 } });
    await failure('remote-answer-invalid', (await iamOf()).listRoles({}));
    faults.clear();
    faults.add({ system: '*', operation: '*', times: 2, effect: { ...effect, status: 502 } });
    await (await iamOf()).listRoles({});
  });

  it('call XML and JSON invalid that AWS never sent', async () => {
    const { faults } = remote.running;
    const json = { body: '{"message":"Please log in"}', contentType: 'application/json' };
    faults.add({ system: 'eks', operation: '*', times: 'always', effect: json });
    const error = await failure('remote-answer-invalid', (await remote.clients.eks('eu-central-1')).listClusters({}));
    expect(error.message).to.contain('eks:ListClusters in eu-central-1').and.to.contain('is not AWS');
    const xhtml = { body: '<?xml version="1.0"?><html><body>Log in first</body></html>', contentType: 'application/xhtml+xml' };
    faults.add({ system: '*', operation: '*', times: 'always', effect: xhtml });
    await failure('remote-answer-invalid', (await remote.clients.ec2('eu-central-1')).describeVpcs({}));
    await failure('remote-answer-invalid', (await remote.clients.iam()).listRoles({}));
  });

  it('stay silent about Node versions', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => {
      warnings.push(warning.message);
    };
    process.on('warning', note);
    await (await remote.clients.ec2('eu-central-1')).describeVpcs({});
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings.filter((message) => message.includes('NodeVersionSupportWarning'))).to.deep.equal([]);
  });
});

describe('regions', () => {
  it('sign global services where their partition does', () => {
    expect(['eu-central-1', 'cn-north-1', 'us-gov-east-1'].map(globalRegion)).to.deep.equal([
      'us-east-1',
      'cn-northwest-1',
      'us-gov-west-1',
    ]);
  });

  it('give ARNs their partition', () => {
    expect(['eu-central-1', 'cn-north-1', 'us-gov-east-1'].map(partitionOf)).to.deep.equal(['aws', 'aws-cn', 'aws-us-gov']);
  });
});
