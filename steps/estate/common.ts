import * as z from 'zod';

export const awsRegion = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as eu-central-1')
  .describe('An AWS region.');

export const accountId = z
  .string()
  .regex(/^\d{12}$/, 'must be a 12-digit AWS account id, in quotes')
  .describe('A 12-digit AWS account id, in quotes.');

export const roleArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of an IAM role (never of an STS session)')
  .describe('The ARN of an IAM role.');

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });

/** RFC 1123 label, as Kubernetes names are. */
export const kubernetesName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 of a-z, 0-9 and -, starting and ending with a letter or digit');

export const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a host name in lower case without a trailing dot');

/** `env:NAME`, `file:PATH` or `vault:PATH#FIELD`: where a secret is found when it is needed. Never the secret. */
export const secretRef = z
  .string()
  .regex(
    /^(env:[A-Z_][A-Z0-9_]*|vault:[^#\s]+#[^#\s]+|file:.+)$/,
    'must be a reference, env:NAME, file:PATH or vault:PATH#FIELD, never the secret itself',
  )
  .describe(
    'Where the secret is found: env:NAME, file:PATH or vault:PATH#FIELD (the path as the API has it, such as secret/data/new-relic). Never the secret itself.',
  );

export const minutes = z
  .number()
  .positive()
  .max(24 * 60);
export const seconds = z
  .number()
  .nonnegative()
  .max(24 * 3600);

/** Values as they are handed to Terraform: any JSON. */
export const jsonValue: z.ZodType<unknown> = z.json();
