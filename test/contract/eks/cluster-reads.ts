import { CreateClusterCommand, DescribeClusterCommand, EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import type { Eks } from '../subjects/eks.ts';

const clusterNames = (eks: EKSClient, maxResults?: number): Promise<string[]> =>
  everyPage(async (nextToken) => {
    const page = await eks.send(new ListClustersCommand({ nextToken, maxResults }));
    return [page.clusters, page.nextToken];
  });

const LIST = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_ListClusters.html';

export const clusterReads: readonly Assertion<Eks>[] = [
  {
    title: 'describes a cluster with its ARN, version, role and network',
    concern: 'reads',
    async holds({ eks, cluster, account, roleArn, subnetIds }) {
      const answer = await eks.send(new DescribeClusterCommand({ name: cluster }));
      expect(answer.cluster).to.include({
        name: cluster,
        arn: `arn:aws:eks:eu-west-1:${account}:cluster/${cluster}`,
        version: '1.34',
        roleArn,
        status: 'ACTIVE',
      });
      expect(answer.cluster?.createdAt).to.be.instanceOf(Date);
      expect(answer.cluster?.resourcesVpcConfig?.subnetIds).to.have.members(subnetIds);
    },
  },
  {
    title: 'names the VPC of the subnets of a cluster',
    concern: 'reads',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigResponse.html',
    deviations: {
      ministack: {
        instead: 'It names a VPC that does not exist.',
        seen: /expected 'vpc-00000000' to equal/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigResponse.html',
      },
      moto: {
        instead: 'It names none.',
        seen: /expected undefined to equal 'vpc-/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigResponse.html',
      },
    },
    async holds({ eks, cluster: name, vpcId }) {
      const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
      expect(cluster?.resourcesVpcConfig?.vpcId).to.equal(vpcId);
    },
  },
  {
    title: 'names the endpoint, the CA and the OIDC issuer of an ACTIVE cluster',
    concern: 'reads',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html',
    deviations: {
      ministack: {
        instead: 'The issuer is an address of its own.',
        seen: /expected 'http:..localhost:.*' to match .*oidc/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html',
      },
      moto: {
        instead: 'The CA is random bytes.',
        seen: /to include 'BEGIN CERTIFICATE'/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html',
      },
    },
    async holds({ eks, cluster: name }) {
      const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
      expect(cluster?.endpoint).to.match(/^https:\/\//);
      expect(cluster?.identity?.oidc?.issuer).to.match(/^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/\w+$/);
      expect(Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64').toString()).to.contain('BEGIN CERTIFICATE');
    },
  },
  {
    title: 'says how callers are authenticated: by access entries, by aws-auth, or both',
    concern: 'reads',
    source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessConfigResponse.html',
    deviations: {
      moto: {
        instead: 'It does not say.',
        seen: /expected undefined to equal 'API'/,
        source: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_AccessConfigResponse.html',
      },
    },
    async holds({ eks, cluster: name }) {
      const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
      expect(cluster?.accessConfig?.authenticationMode).to.equal('API');
    },
  },
  {
    title: 'describes no cluster that does not exist: 404 and ResourceNotFoundException',
    concern: 'not found',
    async holds({ eks }) {
      const refusal = await refusalOf(eks.send(new DescribeClusterCommand({ name: 'no-such-cluster' })));
      expect(refusal).to.include({ name: 'ResourceNotFoundException', status: 404 });
    },
  },
  {
    title: 'lists the clusters of the region that is asked, and of no other',
    concern: 'reads',
    async holds({ config, eks, cluster }) {
      expect(await clusterNames(eks)).to.include(cluster);
      const elsewhere = new EKSClient(config({ region: 'eu-north-1' }));
      expect(await clusterNames(elsewhere)).not.to.include(cluster);
      const refusal = await refusalOf(elsewhere.send(new DescribeClusterCommand({ name: cluster })));
      expect(refusal.name).to.equal('ResourceNotFoundException');
    },
  },
  {
    title: 'lists clusters page by page, none twice and none left out',
    concern: 'paging',
    source: LIST,
    deviations: {
      ministack: { instead: 'It gives all at once.', seen: /expected undefined to be a string|to have a length of 1/, source: LIST },
    },
    async holds({ eks, cluster, clusterInput }) {
      const input = clusterInput();
      await eks.send(new CreateClusterCommand(input));
      const first = await eks.send(new ListClustersCommand({ maxResults: 1 }));
      expect(first.clusters).to.have.length(1);
      expect(first.nextToken).to.be.a('string');
      const all = await clusterNames(eks, 1);
      expect(all).to.include.members([cluster, input.name]);
      expect(new Set(all)).to.have.property('size', all.length);
    },
  },
  {
    title: 'gives no token with the last page',
    concern: 'paging',
    source: LIST,
    async holds({ eks }) {
      const answer = await eks.send(new ListClustersCommand({ maxResults: 100 }));
      expect(answer.nextToken ?? null).to.equal(null);
    },
  },
  {
    title: 'takes pages of 1 to 100 clusters only: InvalidParameterException',
    concern: 'validation',
    source: LIST,
    deviations: { ministack: accepts(LIST), moto: accepts(LIST) },
    async holds({ eks }) {
      for (const maxResults of [0, 101]) {
        const refusal = await refusalOf(eks.send(new ListClustersCommand({ maxResults })));
        expect(refusal, String(maxResults)).to.include({ name: 'InvalidParameterException', status: 400 });
      }
    },
  },
  {
    title: 'takes no token that it has not given: InvalidParameterException',
    concern: 'validation',
    source: LIST,
    deviations: {
      ministack: accepts(LIST),
      moto: { instead: 'It fails with a page of HTML.', seen: /but got 'SyntaxError'/, source: LIST },
    },
    async holds({ eks }) {
      const refusal = await refusalOf(eks.send(new ListClustersCommand({ nextToken: 'not-a-token' })));
      expect(refusal).to.include({ name: 'InvalidParameterException', status: 400 });
    },
  },
];
