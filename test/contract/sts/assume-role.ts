import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { ASSUME_ROLE, COMMON_ERRORS } from './documentation.ts';
import { accountRoot, assume, credentialsOf, newRole } from './roles.ts';
import type { StsSubject } from './subjects.ts';

const WHO = new GetCallerIdentityCommand({});

async function session(aws: StsSubject, RoleSessionName: string) {
  const role = await newRole(aws, accountRoot(aws));
  const answer = await assume(new STSClient(aws.config()), { RoleArn: role.arn, RoleSessionName });
  return { role, assumed: answer.AssumedRoleUser, expiration: answer.Credentials?.Expiration, credentials: credentialsOf(answer) };
}

export const assumeRole: readonly Assertion<StsSubject>[] = [
  {
    title: 'gives credentials for a role, under which the caller is its session',
    concern: 'reads',
    source: ASSUME_ROLE,
    async holds(aws) {
      const { role, assumed, credentials } = await session(aws, 'drill');
      const identity = await new STSClient(aws.config({ credentials })).send(WHO);
      expect(identity.Arn).to.equal(`arn:aws:sts::${aws.account}:assumed-role/${role.name}/drill`).and.equal(assumed?.Arn);
      expect(identity.UserId).to.equal(`${role.id}:drill`).and.equal(assumed?.AssumedRoleId);
    },
  },
  {
    title: 'gives credentials for an hour unless told otherwise',
    concern: 'reads',
    source: ASSUME_ROLE,
    async holds(aws) {
      const { expiration, credentials } = await session(aws, 'drill');
      expect(credentials.accessKeyId).to.match(/^ASIA/);
      expect(Math.round(((expiration?.getTime() ?? 0) - Date.now()) / 60_000)).to.equal(60);
    },
  },
  {
    title: 'refuses temporary credentials without their session token with 403 and InvalidClientTokenId',
    concern: 'authentication',
    source: COMMON_ERRORS,
    async holds(aws) {
      const { credentials } = await session(aws, 'drill');
      const { sessionToken: _left, ...without } = credentials;
      const refusal = await refusalOf(new STSClient(aws.config({ credentials: without })).send(WHO));
      expect(refusal).to.include({ name: 'InvalidClientTokenId', status: 403 });
    },
  },
  {
    title: 'refuses a role that does not trust the caller with 403 and AccessDenied, naming caller and role',
    concern: 'authentication',
    source: ASSUME_ROLE,
    async holds(aws) {
      const trusted = await aws.newUser({ allow: ['sts:AssumeRole'] });
      const other = await aws.newUser({ allow: ['sts:AssumeRole'] });
      const { arn } = await newRole(aws, trusted.arn);
      const input = { RoleArn: arn, RoleSessionName: 'drill' };
      await assume(new STSClient(aws.config({ credentials: trusted.credentials })), input);
      const sts = new STSClient(aws.config({ credentials: other.credentials }));
      const refusal = await refusalOf(sts.send(new AssumeRoleCommand(input)));
      expect(refusal).to.include({ name: 'AccessDenied', status: 403 });
      expect(refusal.message).to.contain(`User: ${other.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`);
    },
  },
  {
    title: 'refuses a role that does not exist as one that does not trust the caller',
    concern: 'not found',
    source: ASSUME_ROLE,
    async holds(aws) {
      const RoleArn = `arn:aws:iam::${aws.account}:role/not-there`;
      const refusal = await refusalOf(new STSClient(aws.config()).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'drill' })));
      expect(refusal).to.include({ name: 'AccessDenied', status: 403 });
      expect(refusal.message).to.contain(`is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);
    },
  },
  {
    title: 'refuses a duration under 15 minutes with 400 and ValidationError',
    concern: 'validation',
    source: ASSUME_ROLE,
    deviations: takenBy('ministackAuth', ASSUME_ROLE),
    async holds(aws) {
      const { arn: RoleArn } = await newRole(aws, accountRoot(aws));
      const input = { RoleArn, RoleSessionName: 'drill', DurationSeconds: 899 };
      const refusal = await refusalOf(assume(new STSClient(aws.config()), input));
      expect(refusal).to.include({ name: 'ValidationError', status: 400 });
    },
  },
  {
    title: 'refuses a duration over the longest session of the role with 400 and ValidationError',
    concern: 'validation',
    source: ASSUME_ROLE,
    deviations: takenBy('ministackAuth', ASSUME_ROLE),
    async holds(aws) {
      const { arn: RoleArn } = await newRole(aws, accountRoot(aws));
      const input = { RoleArn, RoleSessionName: 'drill', DurationSeconds: 3601 };
      const refusal = await refusalOf(assume(new STSClient(aws.config()), input));
      expect(refusal).to.include({ name: 'ValidationError', status: 400 });
      expect(refusal.message).to.contain('exceeds the MaxSessionDuration set for this role');
    },
  },
  {
    title: 'refuses a session name with a space with 400 and ValidationError',
    concern: 'validation',
    source: ASSUME_ROLE,
    deviations: takenBy('ministackAuth', ASSUME_ROLE),
    async holds(aws) {
      const { arn: RoleArn } = await newRole(aws, accountRoot(aws));
      const refusal = await refusalOf(assume(new STSClient(aws.config()), { RoleArn, RoleSessionName: 'a drill' }));
      expect(refusal).to.include({ name: 'ValidationError', status: 400 });
    },
  },
];
