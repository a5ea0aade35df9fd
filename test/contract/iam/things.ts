import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  type CreatePolicyCommandInput,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  type CreateRoleCommandInput,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { refusalOf } from '../refusal.ts';
import type { Aws } from '../subjects/aws.ts';
import { unique } from '../unique.ts';

export interface NewRole {
  readonly RoleName: string;
  readonly Arn: string;
}
export interface NewPolicy {
  readonly PolicyName: string;
  readonly Arn: string;
}

/** ministack's answer where at most two were asked for. */
export const NO_PAGES = { instead: 'It answers all on one page.', seen: /^AssertionError: expected 3 to be at most 2$/ };

export const NOT_THERE = 'contract-not-there';

export function iamClient(aws: Aws): IAMClient {
  return new IAMClient(aws.config({ region: 'us-east-1' }));
}

/** A policy document with one statement. */
export function documentOf(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export const PODS = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});
export const READ_ONLY = documentOf({ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' });

export const OTHER = documentOf({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' });

/** A permissions policy of exactly so many characters, of which none is white space. */
export function documentOfSize(characters: number): string {
  const sized = (Sid: string) => documentOf({ Sid, Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' });
  return sized('x'.repeat(characters - sized('').length));
}

export async function newRole(client: IAMClient, input: Partial<CreateRoleCommandInput> = {}): Promise<NewRole> {
  const { Role: role } = await client.send(new CreateRoleCommand({ RoleName: unique('role'), AssumeRolePolicyDocument: PODS, ...input }));
  return { RoleName: role?.RoleName ?? '', Arn: role?.Arn ?? '' };
}

export async function newPolicy(client: IAMClient, input: Partial<CreatePolicyCommandInput> = {}): Promise<NewPolicy> {
  const { Policy: policy } = await client.send(
    new CreatePolicyCommand({ PolicyName: unique('policy'), PolicyDocument: READ_ONLY, ...input }),
  );
  return { PolicyName: policy?.PolicyName ?? '', Arn: policy?.Arn ?? '' };
}

/** Adds a version to a policy; gives its id. */
export async function addVersion(client: IAMClient, PolicyArn: string, SetAsDefault: boolean): Promise<string | undefined> {
  const answer = await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: OTHER, SetAsDefault }));
  return answer.PolicyVersion?.VersionId;
}

export async function attach(client: IAMClient, { RoleName }: Pick<NewRole, 'RoleName'>, PolicyArn: string): Promise<void> {
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
}

export async function putInline(
  client: IAMClient,
  { RoleName }: Pick<NewRole, 'RoleName'>,
  PolicyName: string,
  PolicyDocument: string,
): Promise<void> {
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}

export const expectExists = (call: Promise<unknown>) => expectRefusal(call, 409, 'EntityAlreadyExistsException');
export const expectMissing = (call: Promise<unknown>) => expectRefusal(call, 404, 'NoSuchEntityException');
export const expectInUse = (call: Promise<unknown>) => expectRefusal(call, 409, 'DeleteConflictException');
export const expectMalformed = (call: Promise<unknown>) => expectRefusal(call, 400, 'MalformedPolicyDocumentException');
export const expectOverLimit = (call: Promise<unknown>) => expectRefusal(call, 409, 'LimitExceededException');
export const expectInvalid = (call: Promise<unknown>) => expectRefusal(call, 400, 'ValidationError');

/** Gives the message of the refusal. */
async function expectRefusal(call: Promise<unknown>, status: number, name: string): Promise<string> {
  const refusal = await refusalOf(call);
  expect(refusal).to.include({ name, status });
  return refusal.message;
}
