import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { defineContract } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { assumeRole } from './assume-role.ts';
import { authentication } from './authentication.ts';
import { COMMON_ERRORS } from './documentation.ts';
import { presigned } from './presigned.ts';
import { ministackSts, type StsSubject, sandboxSts } from './subjects.ts';

const WHO = new GetCallerIdentityCommand({});

export const sts = defineContract<StsSubject>({
  system: 'STS and authentication',
  sandbox: sandboxSts,
  referees: { ministackAuth: ministackSts },
  assertions: [
    {
      title: 'tells the caller its account and ARN',
      concern: 'reads',
      async holds(aws) {
        const answer = await new STSClient(aws.config()).send(WHO);
        expect(answer.Account).to.equal(aws.account);
        expect(answer.Arn).to.contain(`:${aws.account}:`);
      },
    },
    {
      title: 'refuses an access key that does not exist with 403 and InvalidClientTokenId',
      concern: 'authentication',
      source: COMMON_ERRORS,
      async holds(aws) {
        const credentials = { accessKeyId: 'AKIAIOSFODNN7NOTHERE', secretAccessKey: 'x' };
        const refusal = await refusalOf(new STSClient(aws.config({ credentials })).send(WHO));
        expect(refusal).to.include({ name: 'InvalidClientTokenId', status: 403 });
      },
    },
    {
      title: 'refuses a signature made with another secret with 403 and SignatureDoesNotMatch',
      concern: 'authentication',
      async holds(aws) {
        const { accessKeyId } = aws.config().credentials;
        const credentials = { accessKeyId, secretAccessKey: 'another' };
        const refusal = await refusalOf(new STSClient(aws.config({ credentials })).send(WHO));
        expect(refusal).to.include({ name: 'SignatureDoesNotMatch', status: 403 });
      },
    },
    ...assumeRole,
    ...presigned,
    ...authentication,
  ],
});
