import { expect } from 'chai';
import { awsErrorName, translateAwsError, unlessMissing } from '../../../steps/clients/aws-errors.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';

const call = { service: 'eks', region: 'eu-central-1', operation: 'DescribeCluster' };

function failure(name: string, status?: number, message = 'words of the service'): Error {
  const metadata = status === undefined ? {} : { $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), { name }, metadata);
}

function codeOf(name: string, status?: number, message?: string): string {
  return translateAwsError(failure(name, status, message), call).code;
}

describe('errors of AWS', () => {
  it('are told apart by what a person can do about them', () => {
    expect(codeOf('AccessDeniedException', 403)).to.equal('permission-denied');
    expect(codeOf('UnauthorizedOperation', 403)).to.equal('permission-denied');
    expect(codeOf('CredentialsProviderError')).to.equal('credentials-missing');
    expect(codeOf('ExpiredTokenException', 403)).to.equal('credentials-missing');
    expect(codeOf('ThrottlingException', 400)).to.equal('remote-unavailable');
    expect(codeOf('PriorRequestNotComplete', 400)).to.equal('remote-unavailable');
    expect(codeOf('ServerException', 500)).to.equal('remote-unavailable');
    expect(codeOf('TimeoutError')).to.equal('remote-unavailable');
    expect(codeOf('ResourceInUseException', 409)).to.equal('conflict');
    expect(codeOf('InvalidParameterException', 400)).to.equal('remote-refused');
    expect(codeOf('SyntaxError', 200)).to.equal('remote-answer-invalid');
  });

  it('count a Route 53 batch that no longer fits as a conflict, a malformed one not', () => {
    const changed = "Tried to delete resource record set [name='a.example.com.', type='A'] but it was not found";
    expect(codeOf('InvalidChangeBatch', 400, changed)).to.equal('conflict');
    expect(codeOf('InvalidChangeBatch', 400, 'Invalid Resource Record: FATAL problem')).to.equal('remote-refused');
  });

  it('carry operation, region and the words of the service, cut to a readable length', () => {
    const { message } = translateAwsError(failure('AccessDeniedException', 403, 'x'.repeat(1000)), call);
    expect(message).to.contain('eks:DescribeCluster in eu-central-1').and.contain('AccessDeniedException');
    expect(message.length).to.be.lessThan(450);
  });

  it('end as sentences do, whatever the service says', () => {
    expect(translateAwsError(failure('TimeoutError', undefined, 'socket hang up'), call).message).to.match(/socket hang up\.$/);
    expect(translateAwsError(failure('ServerException', 500, 'Try later.'), call).message).to.match(/Try later\.$/);
  });

  it('name the missing permission in the remedy', () => {
    expect(translateAwsError(failure('AccessDeniedException', 403), call).remedy).to.contain('eks:DescribeCluster');
  });

  it('count refused connections as unavailable and unknown failures as bugs', () => {
    expect(translateAwsError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), call).code).to.equal('remote-unavailable');
    expect(translateAwsError(new TypeError('x is not a function'), call).code).to.equal('bug');
  });

  it('let an expected absence be told from others', async () => {
    const missing = translateAwsError(failure('ResourceNotFoundException', 404), call);
    expect(awsErrorName(missing)).to.equal('ResourceNotFoundException');
    expect(await unlessMissing(Promise.reject(missing), 'ResourceNotFoundException')).to.equal(null);
    const denied = translateAwsError(failure('AccessDeniedException', 403), call);
    const thrown = await unlessMissing(Promise.reject(denied), 'ResourceNotFoundException').catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(EksDrError).with.property('code', 'permission-denied');
  });
});
