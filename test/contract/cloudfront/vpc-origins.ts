import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { BY_VPC_ORIGIN, CREATE_VPC_ORIGIN, DELETE_VPC_ORIGIN, UPDATE_VPC_ORIGIN, VPC_ORIGINS } from './documentation.ts';
import type { CloudFrontSubject } from './subjects.ts';
import { cloudfrontClient, deployed, distributionWith, loadBalancerArn, newDistribution, newVpcOrigin, vpcEndpoint } from './things.ts';

const through = (VpcOriginId: string) => distributionWith({ Id: 'api', DomainName: 'api.example.com', VpcOriginConfig: { VpcOriginId } });

// The referee wants a load balancer that is there, which the sandbox takes on trust: who asks knows its ARN.
const ALONE = [] as const;

export const vpcOrigins: readonly Assertion<CloudFrontSubject>[] = [
  {
    title: 'refuses to read a VPC origin that does not exist with 404 and EntityNotFound',
    concern: 'not found',
    source: DELETE_VPC_ORIGIN,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const Id = 'vo_0000000000000000000000';
      expect(await refusalOf(client.getVpcOrigin({ Id }))).to.include({ name: 'EntityNotFound', status: 404 });
    },
  },
  {
    title: 'gives a VPC origin back as it was made, and lists it with the load balancer behind it',
    concern: 'reads',
    source: CREATE_VPC_ORIGIN,
    servedBy: ALONE,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const name = unique('contract');
      const { id } = await newVpcOrigin(aws, name);
      const { VpcOrigin } = await client.getVpcOrigin({ Id: id });
      expect(VpcOrigin?.VpcOriginEndpointConfig).to.include(vpcEndpoint(aws, name));
      const { VpcOriginList } = await client.listVpcOrigins({});
      expect(VpcOriginList?.Items?.find(({ Id }) => Id === id)).to.include({
        Name: name,
        OriginEndpointArn: loadBalancerArn(aws.account, 'shop'),
      });
    },
  },
  {
    title: 'is Deploying at first, and Deployed some minutes later',
    concern: 'consistency',
    source: VPC_ORIGINS,
    servedBy: ALONE,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { VpcOrigin } = await client.createVpcOrigin({ VpcOriginEndpointConfig: vpcEndpoint(aws, unique('contract')) });
      expect(VpcOrigin?.Status).to.equal('Deploying');
      await deployed(client, VpcOrigin?.Id ?? '');
    },
  },
  {
    title: 'takes a VPC origin into a distribution, and refuses to change or delete it then with 409',
    concern: 'conflicts',
    source: DELETE_VPC_ORIGIN,
    servedBy: ALONE,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const name = unique('contract');
      const { id } = await newVpcOrigin(aws, name);
      const IfMatch = await deployed(client, id);
      await newDistribution(client, through(id));
      const update = client.updateVpcOrigin({ Id: id, IfMatch, VpcOriginEndpointConfig: { ...vpcEndpoint(aws, name), HTTPPort: 8080 } });
      expect(await refusalOf(update)).to.include({ name: 'CannotUpdateEntityWhileInUse', status: 409 });
      const deletion = client.deleteVpcOrigin({ Id: id, IfMatch });
      expect(await refusalOf(deletion)).to.include({ name: 'CannotDeleteEntityWhileInUse', status: 409 });
    },
  },
  {
    title: 'names the distributions that use a VPC origin',
    concern: 'reads',
    source: BY_VPC_ORIGIN,
    servedBy: ALONE,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id } = await newVpcOrigin(aws);
      await deployed(client, id);
      const made = await newDistribution(client, through(id));
      const { DistributionIdList } = await client.listDistributionsByVpcOriginId({ VpcOriginId: id });
      expect(DistributionIdList?.Items).to.deep.equal([made.id]);
    },
  },
  {
    title: 'refuses a VPC origin that is not there in a distribution with 404 and EntityNotFound',
    concern: 'validation',
    source: UPDATE_VPC_ORIGIN,
    async holds(aws) {
      const refusal = await refusalOf(newDistribution(cloudfrontClient(aws), through('vo_0000000000000000000000')));
      expect(refusal).to.include({ name: 'EntityNotFound', status: 404 });
    },
  },
  {
    title: 'deletes an unused VPC origin under its ETag alone',
    concern: 'writes',
    source: DELETE_VPC_ORIGIN,
    servedBy: ALONE,
    async holds(aws) {
      const client = cloudfrontClient(aws);
      const { id } = await newVpcOrigin(aws);
      const IfMatch = await deployed(client, id);
      const late = await refusalOf(client.deleteVpcOrigin({ Id: id, IfMatch: `${IfMatch}0` }));
      expect(late).to.include({ name: 'PreconditionFailed', status: 412 });
      await client.deleteVpcOrigin({ Id: id, IfMatch });
      await eventually(
        () =>
          client.getVpcOrigin({ Id: id }).then(
            () => '',
            ({ name }: Error) => name,
          ),
        (refusal) => refusal === 'EntityNotFound',
      );
    },
  },
];
