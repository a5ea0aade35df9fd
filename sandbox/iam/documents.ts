import { awsFault } from '../aws/fault.ts';
import type { Sandbox } from '../system.ts';
import { limitExceeded } from './common.ts';
import { roleExists, userExists } from './principals.ts';
import { quotas } from './quotas.ts';
import { awsPrincipals } from './trust.ts';

type JsonObject = Readonly<Record<string, unknown>>;

function malformed(message: string): Error {
  return awsFault(400, 'MalformedPolicyDocument', message);
}

function parse(document: string): JsonObject {
  try {
    const value: unknown = JSON.parse(document);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  throw malformed('Syntax errors in policy.');
}

function statementsOf(policy: JsonObject): JsonObject[] {
  const unknown = Object.keys(policy).find((name) => !['Version', 'Id', 'Statement'].includes(name));
  if (unknown !== undefined) throw malformed(`Syntax errors in policy. (${unknown})`);
  const { Version: version, Statement: statement } = policy;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || statements.length === 0) throw malformed('Syntax errors in policy. (Statement)');
  if (statements.some((each) => typeof each !== 'object' || each === null)) throw malformed('Syntax errors in policy. (Statement)');
  return statements as JsonObject[];
}

const statementMembers = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

function checkStatement(statement: JsonObject): void {
  const unknown = Object.keys(statement).find((name) => !statementMembers.includes(name));
  if (unknown !== undefined) throw malformed(`Syntax errors in policy. (${unknown})`);
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw malformed('Invalid effect: must be Allow or Deny');
  const actions = [statement.Action ?? statement.NotAction].flat();
  if (actions.length === 0 || actions.some((each) => typeof each !== 'string')) throw malformed('Policy statement must contain actions.');
  if (actions.some((each) => each !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(String(each)))) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
}

const sizeOf = (document: string): number => document.replace(/\s/g, '').length;

/** Checks the document of a permissions policy: its form and its size. */
export function checkPermissions(document: string, kind: 'managed' | 'inline'): void {
  for (const statement of statementsOf(parse(document))) {
    checkStatement(statement);
    if (statement.Principal !== undefined || statement.NotPrincipal !== undefined)
      throw malformed('Policy document should not specify a principal.');
    if (statement.Resource === undefined && statement.NotResource === undefined)
      throw malformed('Policy statement must contain resources.');
  }
  const [quota, limit] =
    kind === 'managed' ? (['PolicySize', quotas.managedPolicySize] as const) : (['RolePolicySize', quotas.inlinePolicySize] as const);
  if (sizeOf(document) > limit) throw limitExceeded(quota, limit);
}

function checkPrincipal({ world, clock }: Sandbox, principal: string): void {
  if (principal === '*' || /^\d{12}$/.test(principal) || /^arn:aws:iam::\d{12}:root$/.test(principal)) return;
  const foreign = principal.startsWith('arn:aws:') && !principal.includes(`::${world.accountId}:`);
  // Roles become known as principals some seconds after they are made.
  if (foreign || roleExists(world, principal, clock.now()) || userExists(world, principal)) return;
  throw malformed(`Invalid principal in policy: "AWS":"${principal}"`);
}

/** Checks a trust policy: its form, its size, and that the roles and users it names exist. */
export function checkTrust(sandbox: Sandbox, document: string): void {
  for (const statement of statementsOf(parse(document))) {
    checkStatement(statement);
    if (statement.Resource !== undefined || statement.NotResource !== undefined) throw malformed('Has prohibited field Resource');
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) throw malformed('Missing required field Principal');
    const actions = [statement.Action].flat().map(String);
    if (actions.some((action) => !action.startsWith('sts:'))) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  if (sizeOf(document) > quotas.trustPolicySize) throw limitExceeded('ACLSizePerRole', quotas.trustPolicySize);
  for (const principal of awsPrincipals(document)) checkPrincipal(sandbox, principal);
}
