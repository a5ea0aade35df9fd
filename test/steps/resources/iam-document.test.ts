import { expect } from 'chai';
import { canonicalDocument, decodeDocument, documentSize } from '../../../steps/resources/iam-document.ts';

const document = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] }) as Parameters<typeof canonicalDocument>[0];

describe('a policy document', () => {
  it('is the same with one statement alone and in a list, one action alone and in a list, and sets in any order', () => {
    const one = canonicalDocument(document({ Effect: 'Allow', Action: ['s3:Put*', 's3:Get*'], Resource: ['*'] }));
    const other = canonicalDocument({
      Statement: { Resource: '*', Action: ['s3:Get*', 's3:Put*', 's3:Get*'], Effect: 'Allow' },
      Version: '2012-10-17',
    });
    expect(one).to.deep.equal(other);
  });

  it('is another with its statements in another order, or another effect', () => {
    const [first, second] = [
      { Effect: 'Allow', Action: 'a:B', Resource: '*' },
      { Effect: 'Deny', Action: 'a:C', Resource: '*' },
    ];
    expect(canonicalDocument({ Statement: [first, second] })).to.not.deep.equal(canonicalDocument({ Statement: [second, first] }));
  });

  it("names an account by its number, however IAM answers its root, and conditions' values as text", () => {
    const trust = (principal: unknown, value: unknown) =>
      canonicalDocument(
        document({
          Effect: 'Allow',
          Principal: principal,
          Action: 'sts:AssumeRole',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': value } },
        }),
      );
    expect(trust({ AWS: 'arn:aws:iam::111122223333:root' }, true)).to.deep.equal(trust({ AWS: ['111122223333'] }, ['true']));
    expect(trust({ AWS: 'arn:aws:iam::111122223333:role/root' }, 'true')).to.not.deep.equal(trust({ AWS: '111122223333' }, 'true'));
  });

  it('is read from its percent-encoded form, and measured without white space', () => {
    expect(decodeDocument('%7B%22Version%22%3A%222012-10-17%22%7D')).to.deep.equal({ Version: '2012-10-17' });
    expect(documentSize({ Sid: 'a b' })).to.equal('{"Sid":"ab"}'.length);
  });
});
