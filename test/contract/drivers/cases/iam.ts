import type { Json, JsonObject } from '../../../../steps/kit/json.ts';
import { RUN_TAG } from '../../../../steps/naming.ts';
import { iamInlinePolicy } from '../../../../steps/resources/iam-inline-policy.ts';
import { iamOidcProvider } from '../../../../steps/resources/iam-oidc-provider.ts';
import { iamPolicy } from '../../../../steps/resources/iam-policy.ts';
import { iamRole } from '../../../../steps/resources/iam-role.ts';
import { iamRolePolicy } from '../../../../steps/resources/iam-role-policy.ts';
import { iamTrustStatement } from '../../../../steps/resources/iam-trust-statement.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

const ADD_CLIENT = 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html';

const documentOf = (...Statement: JsonObject[]) => ({ Version: '2012-10-17', Statement });
const serviceTrust = (service: string, ...actions: string[]) =>
  documentOf({ Effect: 'Allow', Principal: { Service: service }, Action: actions });
const PODS = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});
const NODES = serviceTrust('ec2.amazonaws.com', 'sts:AssumeRole');
/** NODES as the driver reads it: a list of one is that one. */
const NODES_READ = documentOf({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });

const policy: LawCase = {
  driver: iamPolicy,
  referees: ['ministack', 'moto'],
  async arrange({ run }) {
    const common = { path: '/', description: 'Made to try the law', run };
    const reads = (Action: Json) => ({ ...common, document: documentOf({ Effect: 'Allow', Action, Resource: '*' }) });
    // More states than IAM keeps versions.
    const further = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject', 's3:GetBucketAcl'];
    return [
      {
        id: { name: unique('law') },
        states: [
          {
            desired: reads(['ec2:DescribeSubnets', 'ec2:DescribeVpcs']),
            spellings: [
              {
                ...common,
                document: {
                  Version: '2012-10-17',
                  Statement: { Resource: ['*'], Action: ['ec2:DescribeVpcs', 'ec2:DescribeSubnets'], Effect: 'Allow' },
                },
              },
            ],
          },
          ...further.map((action) => ({ desired: reads(action) })),
        ],
      },
    ];
  },
};

const role: LawCase = {
  driver: iamRole,
  referees: ['ministack', 'moto'],
  async arrange({ run }) {
    const common = { path: '/', description: 'Made to try the law', maxSessionSeconds: 3600, permissionsBoundary: null, run };
    const bounded = { ...common, trust: PODS, permissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
    return [
      {
        id: { name: unique('law') },
        states: [
          { desired: { ...common, trust: NODES }, reads: { ...common, trust: NODES_READ }, spellings: [{ ...common, trust: NODES_READ }] },
          { desired: { ...common, trust: PODS } },
          { desired: { ...common, trust: PODS, maxSessionSeconds: 7200, description: 'Changed' } },
          { desired: bounded },
          { desired: { ...common, trust: PODS } },
        ],
      },
    ];
  },
};

/** A role of the run, with this trust policy; its name. */
async function runRole({ clients, run }: LawWorld, trust: JsonObject): Promise<string> {
  const RoleName = unique('law');
  await (await clients.iam()).createRole({
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(trust),
    Tags: [{ Key: RUN_TAG, Value: run }],
  });
  return RoleName;
}

const rolePolicy: LawCase = {
  driver: iamRolePolicy,
  referees: ['ministack', 'moto'],
  async arrange(world) {
    const name = await runRole(world, NODES);
    const iam = await world.clients.iam();
    const document = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
    const { Policy } = await iam.createPolicy({ PolicyName: unique('law'), PolicyDocument: JSON.stringify(document) });
    return [{ id: { role: name, policyArn: Policy?.Arn ?? '' }, states: [{ desired: { attached: true } }] }];
  },
};

const inlinePolicy: LawCase = {
  driver: iamInlinePolicy,
  referees: ['ministack', 'moto'],
  async arrange(world) {
    const role = await runRole(world, NODES);
    const reads = (Action: Json) => ({ document: documentOf({ Effect: 'Allow', Action, Resource: '*' }) });
    return [
      {
        id: { role, name: unique('law') },
        states: [{ desired: reads(['s3:GetObject', 's3:ListBucket']) }, { desired: reads('s3:GetObject') }],
      },
    ];
  },
};

const awsPolicy: LawCase = {
  driver: iamRolePolicy,
  part: "a policy of AWS's own",
  referees: ['ministack', 'moto'],
  deviations: {
    moto: {
      instead: "It has none of AWS's own policies unless told to load them.",
      seen: /NoSuchEntity/,
      source: 'https://docs.getmoto.org/en/latest/docs/configuration/index.html',
    },
  },
  async arrange(world) {
    const id = { role: await runRole(world, NODES), policyArn: 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy' };
    return [{ id, states: [{ desired: { attached: true } }] }];
  },
};

const issuer = () => `https://oidc.eks.eu-central-1.amazonaws.com/id/${unique('LAW')}`;

const provider: LawCase = {
  driver: iamOidcProvider,
  referees: ['ministack', 'moto'],
  async arrange({ run }) {
    const spellings = [{ audiences: ['sts.amazonaws.com', 'sts.amazonaws.com'], run }];
    return [{ id: { issuer: issuer() }, states: [{ desired: { audiences: ['sts.amazonaws.com'], run }, spellings }] }];
  },
};

const audiences: LawCase = {
  driver: iamOidcProvider,
  part: 'its audiences',
  referees: ['ministack', 'moto'],
  deviations: {
    ministack: { instead: 'It does not know AddClientIDToOpenIDConnectProvider.', seen: /Unknown IAM action/, source: ADD_CLIENT },
    moto: { instead: 'It does not know AddClientIDToOpenIDConnectProvider.', seen: /XML parse error/, source: ADD_CLIENT },
  },
  source: ADD_CLIENT,
  async arrange({ run }) {
    const state = (...of: string[]) => ({ desired: { audiences: of, run } });
    const both = state('another.example.com', 'sts.amazonaws.com');
    return [{ id: { issuer: issuer() }, states: [state('sts.amazonaws.com'), both, state('another.example.com')] }];
  },
};

const trustStatement: LawCase = {
  driver: iamTrustStatement,
  referees: ['ministack', 'moto'],
  async arrange(world) {
    const { Statement } = NODES_READ;
    const name = await runRole(world, documentOf({ Sid: 'Nodes', ...Statement[0] }, { ...Statement[0], Sid: 'Others' }));
    const host = 'oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF';
    const statement = (...accounts: string[]) => ({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${host}:aud`]: 'sts.amazonaws.com',
          [`${host}:sub`]: accounts.length === 1 ? (accounts[0] ?? '') : accounts,
        },
      },
    });
    const states = [
      { desired: { statement: statement('system:serviceaccount:cart:cart') } },
      {
        desired: { statement: statement('system:serviceaccount:cart:cart', 'system:serviceaccount:order:order') },
        spellings: [{ statement: statement('system:serviceaccount:order:order', 'system:serviceaccount:cart:cart') }],
      },
      { desired: { statement: statement('system:serviceaccount:order:order') } },
    ];
    return ['EksDrShop1', 'EksDrShop2'].map((sid) => ({ id: { role: name, sid }, states }));
  },
};

export const iamCases: readonly LawCase[] = [policy, role, rolePolicy, inlinePolicy, awsPolicy, provider, audiences, trustStatement];
