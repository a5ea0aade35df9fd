import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { AwsConfig } from '../subjects/aws.ts';
import { CALLER_IDENTITY, COMMON_ERRORS, DENIALS, EC2_ERRORS, EKS_ERRORS, S3_ERRORS } from './documentation.ts';
import type { StsSubject } from './subjects.ts';

const WHO = new GetCallerIdentityCommand({});

interface Service {
  readonly name: string;
  readonly source: string;
  /** A call that reads only. */
  readonly call: (config: AwsConfig & { readonly systemClockOffset?: number }) => Promise<unknown>;
  /** Status and code for an access key that does not exist, a session that is over, what the caller may not do, and a request that comes too late. */
  readonly unknownKey: readonly [number, string];
  readonly expired: readonly [number, string];
  readonly denied: readonly [number, string];
  /** None for EC2: its documentation says RequestExpired, its users meet AuthFailure. */
  readonly late?: readonly [number, string, afterMinutes: 5 | 15];
}

/** One service of each protocol, and Route 53. */
const SERVICES: readonly Service[] = [
  {
    name: 'IAM',
    source: COMMON_ERRORS,
    call: (config) => new IAMClient(config).send(new ListRolesCommand({})),
    unknownKey: [403, 'InvalidClientTokenId'],
    expired: [403, 'ExpiredToken'],
    denied: [403, 'AccessDenied'],
    late: [403, 'SignatureDoesNotMatch', 15],
  },
  {
    name: 'Route 53',
    source: COMMON_ERRORS,
    call: (config) => new Route53Client(config).send(new ListHostedZonesCommand({})),
    unknownKey: [403, 'InvalidClientTokenId'],
    expired: [403, 'ExpiredToken'],
    denied: [403, 'AccessDenied'],
    late: [403, 'SignatureDoesNotMatch', 5],
  },
  {
    name: 'EC2',
    source: EC2_ERRORS,
    call: (config) => new EC2Client(config).send(new DescribeVpcsCommand({})),
    unknownKey: [401, 'AuthFailure'],
    expired: [400, 'RequestExpired'],
    denied: [403, 'UnauthorizedOperation'],
  },
  {
    name: 'EKS',
    source: EKS_ERRORS,
    call: (config) => new EKSClient(config).send(new ListClustersCommand({})),
    unknownKey: [403, 'UnrecognizedClientException'],
    expired: [403, 'ExpiredTokenException'],
    denied: [403, 'AccessDeniedException'],
    late: [403, 'InvalidSignatureException', 5],
  },
  {
    name: 'S3',
    source: S3_ERRORS,
    call: (config) => new S3Client({ ...config, forcePathStyle: true }).send(new ListBucketsCommand({})),
    unknownKey: [403, 'InvalidAccessKeyId'],
    expired: [400, 'ExpiredToken'],
    denied: [403, 'AccessDenied'],
    late: [403, 'RequestTimeTooSkewed', 15],
  },
];

function unknownKey({ name, source, call, unknownKey: [status, code] }: Service): Assertion<StsSubject> {
  return {
    title: `refuses an access key that does not exist to ${name} with ${status} and ${code}`,
    concern: 'authentication',
    source,
    async holds(aws) {
      const credentials = { accessKeyId: 'AKIAIOSFODNN7NOTHERE', secretAccessKey: 'x' };
      expect(await refusalOf(call(aws.config({ credentials })))).to.include({ name: code, status });
    },
  };
}

function expired({ name, call, expired: [status, code] }: Service): Assertion<StsSubject> {
  return {
    title: `refuses temporary credentials whose time is over to ${name} with ${status} and ${code}`,
    concern: 'authentication',
    async holds(aws) {
      const credentials = await aws.expiredSession();
      expect(await refusalOf(call(aws.config({ credentials })))).to.include({ name: code, status });
    },
  };
}

function denied({ name, source, call, denied: [status, code] }: Service): Assertion<StsSubject> {
  return {
    title: `refuses a call of ${name} that nothing allows to the caller with ${status} and ${code}`,
    concern: 'authentication',
    source,
    async holds(aws) {
      const { credentials } = await aws.newUser({ allow: ['sts:*'] });
      expect(await refusalOf(call(aws.config({ credentials })))).to.include({ name: code, status });
    },
  };
}

function late({ name, call, late: documented }: Service): Assertion<StsSubject>[] {
  if (documented === undefined) return [];
  const [status, code, minutes] = documented;
  return [
    {
      title: `refuses a request to ${name} dated more than ${minutes} minutes ago with ${status} and ${code}`,
      concern: 'authentication',
      async holds(aws) {
        const systemClockOffset = -(minutes + 1) * 60_000;
        expect(await refusalOf(call({ ...aws.config(), systemClockOffset }))).to.include({ name: code, status });
      },
    },
  ];
}

export const authentication: readonly Assertion<StsSubject>[] = [
  ...SERVICES.map(unknownKey),
  ...SERVICES.map(expired),
  ...SERVICES.map(denied),
  ...SERVICES.flatMap(late),
  {
    title: 'says in a denial who the caller is, what was asked, and that no policy allows it',
    concern: 'authentication',
    source: DENIALS,
    async holds(aws) {
      const { arn, credentials } = await aws.newUser({ allow: [] });
      const { message } = await refusalOf(new IAMClient(aws.config({ credentials })).send(new ListRolesCommand({})));
      expect(message)
        .to.contain(`User: ${arn} is not authorized to perform: iam:ListRoles`)
        .and.contain('because no identity-based policy allows the iam:ListRoles action');
    },
  },
  {
    title: 'lets a deny count for more than an allow, and says so',
    concern: 'authentication',
    source: DENIALS,
    async holds(aws) {
      const { credentials } = await aws.newUser({ allow: ['iam:*'], deny: ['iam:ListRoles'] });
      const refusal = await refusalOf(new IAMClient(aws.config({ credentials })).send(new ListRolesCommand({})));
      expect(refusal).to.include({ name: 'AccessDenied', status: 403 });
      expect(refusal.message).to.contain('with an explicit deny in an identity-based policy');
    },
  },
  {
    title: 'tells every caller who it is, even one that may do nothing',
    concern: 'authentication',
    source: CALLER_IDENTITY,
    async holds(aws) {
      const { arn, credentials } = await aws.newUser({ allow: [], deny: ['sts:GetCallerIdentity'] });
      expect((await new STSClient(aws.config({ credentials })).send(WHO)).Arn).to.equal(arn);
    },
  },
  {
    title: 'refuses a request without a signature with 403 and MissingAuthenticationToken',
    concern: 'authentication',
    source: COMMON_ERRORS,
    async holds(aws) {
      const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
      const answer = await fetch(aws.config().endpoint, { method: 'POST', body });
      expect(answer.status).to.equal(403);
      expect(await answer.text()).to.contain('<Code>MissingAuthenticationToken</Code>');
    },
  },
];
