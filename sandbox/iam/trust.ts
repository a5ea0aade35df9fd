import { globMatches } from '../glob.ts';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Action?: unknown;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

function statementsOf(document: string): Statement[] {
  const parsed = JSON.parse(document) as { Statement?: unknown };
  return list(parsed.Statement) as Statement[];
}

function principals(statement: Statement, type: 'AWS' | 'Service' | 'Federated'): string[] {
  if (statement.Principal === '*') return type === 'AWS' ? ['*'] : [];
  const members = statement.Principal as Record<string, unknown> | undefined;
  return list(members?.[type]).filter((each) => typeof each === 'string');
}

/** Whether a trust policy lets a service (`pods.eks.amazonaws.com`) take the action. Conditions are not evaluated. */
export function trustsService(document: string, service: string, action: string): boolean {
  return statementsOf(document).some(
    (statement) =>
      statement.Effect === 'Allow' &&
      list(statement.Action).some((pattern) => typeof pattern === 'string' && globMatches(pattern, action)) &&
      principals(statement, 'Service').includes(service),
  );
}

/** The ARNs, account ids and stars that a trust policy names as AWS principals. */
export function awsPrincipals(document: string): string[] {
  return statementsOf(document).flatMap((statement) => principals(statement, 'AWS'));
}

/** Whether a trust policy lets `caller` (a role or user ARN) take the action. Conditions are not evaluated. */
export function trusts(document: string, accountId: string, caller: string, action: string): boolean {
  const names = new Set(['*', caller, accountId, `arn:aws:iam::${accountId}:root`]);
  return statementsOf(document).some(
    (statement) =>
      statement.Effect === 'Allow' &&
      list(statement.Action).some((pattern) => typeof pattern === 'string' && globMatches(pattern, action)) &&
      principals(statement, 'AWS').some((name) => names.has(name)),
  );
}
