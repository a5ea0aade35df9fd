import { badRequest } from './faults.ts';

type Body = Readonly<Record<string, unknown>>;

export function optionalText(body: Body, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badRequest(`Invalid value for ${name}: a string is expected`);
  return value;
}

export function textIn(body: Body, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined || value === '') throw badRequest(`Missing the required parameter: ${name}`);
  return value;
}

export function flagIn(body: Body, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw badRequest(`Invalid value for ${name}: a boolean is expected`);
  return value;
}

export function numberIn(body: Body, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw badRequest(`Invalid value for ${name}: a number is expected`);
  return value;
}

export function stringsIn(body: Body, name: string): string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string'))
    throw badRequest(`Invalid value for ${name}: a list of strings is expected`);
  return [...value];
}

export function mapIn(body: Body, name: string): Record<string, string> | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  const values = typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [0];
  if (values.some((each) => typeof each !== 'string')) throw badRequest(`Invalid value for ${name}: a map of strings is expected`);
  return { ...(value as Record<string, string>) };
}

/** Tags, of which a resource has 50 at most. */
export function tagsIn(body: Body, existing: Readonly<Record<string, string>> = {}): Record<string, string> {
  const given = mapIn(body, 'tags') ?? {};
  const reserved = Object.keys(given).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) throw badRequest(`Tag key must not start with aws: ${reserved}`);
  const long = Object.entries(given).find(([key, value]) => key.length > 128 || value.length > 256);
  if (long !== undefined) throw badRequest(`Tag key or value is too long: ${long[0]}`);
  const tags = { ...existing, ...given };
  if (Object.keys(tags).length > 50) throw badRequest('A resource can have at most 50 tags');
  return tags;
}

const variableName = /^[A-Za-z0-9_]+$/;
const variableValue = /^[A-Za-z0-9\-._~:/?#&=,]+$/;

/** Refuses names and values of stage variables that the documentation does not allow. */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!variableName.test(name))
      throw badRequest(`Invalid stage variable name: ${name}. Please use only alphanumeric characters and underscores.`);
    if (!variableValue.test(value)) throw badRequest('Invalid stage variable value: it must match [A-Za-z0-9-._~:/?#&=,]+');
  }
}
