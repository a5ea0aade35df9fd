import * as z from 'zod';
import { accountId, awsRegion, httpUrl, jsonValue, kubernetesName, roleArn, secretRef } from './common.ts';
import { s3Location } from './s3-location.ts';

/** The cluster that may be lost. */
export const primary = z.strictObject({
  region: awsRegion,
  accountId,
  cluster: z.string().min(1).max(100).describe('The EKS name of the primary cluster.'),
  argocdDestination: z
    .strictObject({ name: z.string().min(1).optional(), server: httpUrl.optional() })
    .describe('How the templates name the primary cluster: by name, by server address, or both. Either matches.'),
});

/** A place to recover to: another region, or the same one beside the old cluster. */
export const target = z.strictObject({
  region: awsRegion,
  accountId,
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{2}$/)
    .describe('The minor version the new cluster shall have, in quotes.'),
  variables: z
    .record(z.string(), jsonValue)
    .default({})
    .describe('Terraform variables for this target; they win over terraform.variables.'),
  translations: z
    .record(z.string().min(1), z.string().min(1))
    .default({})
    .describe(
      'What the templates say for the primary, and what stands for it here: regions, ARNs of certificates, ids of security groups and subnets, buckets ... Whole words only; the longest match counts. ${cluster}, ${region} and ${run} are replaced. The registry of Amazon ECR is translated by itself. A word that shall stay is translated to itself.',
    ),
});

export const terraform = z.strictObject({
  binary: z.enum(['terraform', 'tofu']).default('terraform'),
  directory: z.string().min(1).describe('The root module, relative to the estate file.'),
  backend: z
    .record(z.string(), z.string())
    .describe('Passed as -backend-config. ${run} and ${target} are replaced; one state per recovery, so the key must hold ${run}.'),
  variables: z.record(z.string(), jsonValue).default({}).describe('Variables for every target.'),
  outputs: z
    .strictObject({ clusterName: z.string().min(1).default('cluster_name') })
    .prefault({})
    .describe('How the outputs of the module are called.'),
  variableNames: z
    .strictObject({
      clusterName: z.string().min(1).default('cluster_name'),
      region: z.string().min(1).default('region'),
      kubernetesVersion: z.string().min(1).default('kubernetes_version'),
      tags: z
        .string()
        .min(1)
        .default('tags')
        .describe('A map of strings: tags that the module must put on everything; EKS-DR puts its run tag here.'),
    })
    .prefault({})
    .describe('How the variables that EKS-DR fills are called.'),
  expectedMinutes: z.number().positive().default(17),
  limitMinutes: z.number().positive().default(40),
});

/** EKS access entries on the new cluster. Argo CD's role is added by itself. */
export const access = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        principalArn: roleArn,
        policy: z
          .enum(['AmazonEKSClusterAdminPolicy', 'AmazonEKSAdminPolicy', 'AmazonEKSEditPolicy', 'AmazonEKSViewPolicy'])
          .default('AmazonEKSClusterAdminPolicy'),
        groups: z.array(z.string().regex(/^(?!system:)/, 'may not start with system:')).default([]),
      }),
    )
    .default([]),
});

export const argocd = z.strictObject({
  url: httpUrl.describe('The API server. ARGOCD_SERVER in the environment wins.'),
  namespace: kubernetesName.default('argocd'),
  roleArn: roleArn.describe('The IAM role by which Argo CD reaches the new cluster.'),
  projects: z.array(z.string().min(1)).min(1).describe('The AppProjects whose applications are recovered.'),
  rootProject: z.string().min(1).default('default').describe('The AppProject of the root application.'),
  repoUrl: z.string().min(1).describe('The address by which Argo CD knows the repository with the templates.'),
  generatedApplications: z
    .enum(['refuse', 'live'])
    .default('refuse')
    .describe(
      'What no plain template defines: applications of ApplicationSets, of Helm charts, kustomizations or Jsonnet in the folder of the templates. live: recovered one by one from what Argo CD has of them. refuse: the merge request is not opened.',
    ),
  acceptedApplicationSets: z
    .array(z.string().min(1))
    .default([])
    .describe('ApplicationSets that may deploy to the new cluster by themselves as soon as it is registered, in drills, too.'),
});

export const gitlab = z.strictObject({
  url: httpUrl.describe('GITLAB_HOST in the environment wins.'),
  project: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)+$/, 'must be a path such as group/project')
    .describe('The project with the Argo CD templates.'),
  targetBranch: z.string().min(1).default('main'),
  templates: z.string().min(1).describe('The folder with the templates of the primary cluster.'),
  folder: z
    .string()
    .regex(/\$\{cluster\}/, 'must hold ${cluster}')
    .describe('The folder that a recovery owns; ${cluster} is the new cluster name.'),
  reviewers: z.array(z.string().min(1)).default([]).describe('User names asked to review the merge request.'),
  mergeLimitMinutes: z.number().positive().default(60).describe('How long to wait for the review.'),
  allowedLiterals: z
    .array(
      z.strictObject({
        literal: z.string().min(1).describe('A word that names the primary, as it stands in the templates or in Helm values.'),
        files: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .describe('Only in these files or folders: of the templates relative to gitlab.templates, others by their path in Git.'),
        reason: z.string().min(1).describe('Why it may stay: shown to the reviewer.'),
      }),
    )
    .default([])
    .describe('What may name the primary in the recovered templates, beside what is translated.'),
});

export const namespaces = z
  .strictObject({
    labels: z.record(z.string(), z.string()).default({}).describe('Labels for every namespace, beside those of the primary.'),
    annotations: z.record(z.string(), z.string()).default({}).describe('Annotations for every namespace, beside those of the primary.'),
    exclude: z.array(z.string()).default(['default', 'kube-system', 'kube-public', 'kube-node-lease']),
    quotas: z
      .enum(['copy', 'none'])
      .default('copy')
      .describe('copy: ResourceQuotas and LimitRanges of the primary come along, but for those that Argo CD brings.'),
    newRelic: z
      .strictObject({
        licenseKey: secretRef,
        secretName: kubernetesName.default('newrelic-license'),
        secretKey: z.string().min(1).default('licenseKey'),
      })
      .optional()
      .describe('The New Relic licence secret that each namespace gets.'),
    secrets: z
      .array(
        z.strictObject({
          name: kubernetesName,
          type: z.string().min(1).default('Opaque'),
          namespaces: z
            .union([z.literal('all'), z.array(kubernetesName).min(1)])
            .default('all')
            .describe('all: every namespace that is prepared.'),
          data: z.record(z.string().regex(/^[-._a-zA-Z0-9]+$/), secretRef).describe('By key: where the value is found.'),
        }),
      )
      .default([])
      .describe('Further secrets, such as those for pulling images.'),
    vaultReviewer: z
      .strictObject({ namespace: kubernetesName.default('vault-auth'), serviceAccount: kubernetesName.default('vault-reviewer') })
      .optional()
      .describe("The service account whose token Vault uses to review the cluster's tokens."),
  })
  .prefault({});

/** What may exist in a cluster alone, so that no recovery from Git brings it back. */
export const clusterOnlyKinds = ['Secret', 'ConfigMap', 'PersistentVolumeClaim', 'CustomResourceDefinition'] as const;

export const inventory = z
  .strictObject({
    lastGood: z
      .string()
      .min(1)
      .refine((place) => !place.includes('://') || s3Location(place) !== null, 'must be a path, or s3://bucket/key')
      .optional()
      .describe(
        'The last archived inventory (JSON): a path relative to the estate file, or s3://bucket/key in a bucket that keeps versions. Used when a source does not answer.',
      ),
    lastGoodRegion: awsRegion.optional().describe('The region of that bucket; S3 is asked for it unless it stands here.'),
    maxAgeHours: z.number().positive().default(48).describe('An older inventory is a blocker.'),
    answerSeconds: z.number().positive().max(120).default(15).describe('How long a source may take to answer.'),
    maxShrinkPercent: z
      .number()
      .min(0)
      .max(100)
      .default(20)
      .describe('A live inventory smaller than the last one by more than this stops the run.'),
    prefer: z.enum(['live', 'last-good']).default('live'),
    acceptedLosses: z
      .array(
        z.strictObject({
          kind: z.enum(clusterOnlyKinds),
          namespace: z.string().min(1).default('*').describe('* stands for anything.'),
          name: z.string().min(1).default('*').describe('* stands for anything.'),
          reason: z.string().min(1).describe('Why nobody will miss it, or what brings it back.'),
        }),
      )
      .default([])
      .describe('Objects that exist only in the primary, and whose loss preflight shall only note.'),
  })
  .prefault({});
