import { RUN_TAG } from '../../../../steps/naming.ts';
import { cloudfrontOrigin } from '../../../../steps/resources/cloudfront-origin.ts';
import { cloudfrontVpcOrigin } from '../../../../steps/resources/cloudfront-vpc-origin.ts';
import { customOrigin, distributionWith, loadBalancerArn } from '../../cloudfront/things.ts';
import { unique } from '../../unique.ts';
import type { LawCase } from './case.ts';

const origin: LawCase = {
  driver: cloudfrontOrigin,
  referees: ['ministack'],
  async arrange({ clients, run }) {
    const cloudfront = await clients.cloudfront();
    const { Distribution } = await cloudfront.createDistributionWithTags({
      DistributionConfigWithTags: {
        DistributionConfig: distributionWith(customOrigin('one', 'one.example.com'), customOrigin('two', 'two.example.com')),
        Tags: { Items: [{ Key: RUN_TAG, Value: run }] },
      },
    });
    const distribution = Distribution?.Id ?? '';
    const to = (domainName: string) => ({ domainName, vpcOrigin: null });
    return [
      {
        id: { distribution, origin: 'one' },
        states: [
          { desired: to('shop-1.eu-central-1.elb.amazonaws.com'), spellings: [to('Shop-1.eu-central-1.elb.amazonaws.com.')] },
          { desired: to('shop-2.eu-central-1.elb.amazonaws.com') },
        ],
      },
      { id: { distribution, origin: 'two' }, states: [{ desired: to('shop-1.eu-central-1.elb.amazonaws.com') }] },
    ];
  },
};

const vpcOrigin: LawCase = {
  driver: cloudfrontVpcOrigin,
  referees: [],
  source: 'https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateVpcOrigin.html',
  async arrange({ clients, run }) {
    const { Account = '' } = await (await clients.sts('eu-central-1')).getCallerIdentity({});
    const state = (sslProtocols: string[]) => ({
      target: loadBalancerArn(Account, 'shop'),
      httpPort: 80,
      httpsPort: 8443,
      protocolPolicy: 'https-only',
      sslProtocols,
      run,
    });
    return [
      {
        id: { name: unique('law') },
        states: [{ desired: state(['TLSv1.1', 'TLSv1.2']), spellings: [state(['TLSv1.2', 'TLSv1.1'])] }],
        onlyOnce: true,
      },
    ];
  },
};

export const cloudfrontCases: readonly LawCase[] = [origin, vpcOrigin];
