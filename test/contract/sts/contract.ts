import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { defineContract } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { type Aws, ministackAuthAws, sandboxAws } from '../subjects/aws.ts';

const WHO = new GetCallerIdentityCommand({});

export const sts = defineContract<Aws>({
  system: 'STS',
  sandbox: sandboxAws,
  referees: { ministackAuth: ministackAuthAws },
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
      source: 'https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html',
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
  ],
});
