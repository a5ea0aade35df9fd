import * as z from 'zod';
import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { plainName } from '../endpoints/host-name.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { ownerByTags } from './cluster-owner.ts';

const id = z.strictObject({ healthCheck: z.string().min(1) });

/** The host name it looks at; '' where it goes by an address alone, or looks at no endpoint. */
const state = z.strictObject({ fqdn: z.string() });

/** Which endpoint a health check of Route 53 looks at, and nothing else of it. */
export const route53HealthCheck = defineDriver<z.infer<typeof id>, z.infer<typeof state>, Pick<Clients, 'route53'>>({
  kind: 'route53.health-check',
  noun: 'Route 53 health check',
  compareAndSwap: { cas: 'yes', by: 'HealthCheckVersion' },
  permissions: {
    read: ['route53:GetHealthCheck', 'route53:ListHealthChecks', 'route53:ListTagsForResource', 'route53:ListTagsForResources'],
    write: ['route53:UpdateHealthCheck'],
  },
  concurrency: 2,
  id,
  state,
  label: ({ healthCheck }) => healthCheck,
  canonical: ({ fqdn }) => ({ fqdn: plainName(fqdn) }),

  read: eachId(async (clients, { healthCheck }) => {
    const route53 = await clients.route53();
    const found = await unlessMissing(route53.getHealthCheck({ HealthCheckId: healthCheck }), 'NoSuchHealthCheck');
    if (found === null) return { state: null, owner: { kind: 'other', detail: `there is no health check ${healthCheck}` } };
    const answer = await route53.listTagsForResource({ ResourceType: 'healthcheck', ResourceId: healthCheck });
    const tags = Object.fromEntries((answer.ResourceTagSet?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
    const { HealthCheckConfig: config, HealthCheckVersion: version } = found.HealthCheck ?? {};
    return {
      state: { fqdn: plainName(config?.FullyQualifiedDomainName ?? '') },
      owner: ownerByTags(tags) ?? {
        kind: 'other',
        detail: `the health check ${healthCheck} carries neither ${SCOPE_TAG} nor ${RUN_TAG}`,
      },
      version,
    };
  }),

  write: single(async (clients, { id: { healthCheck }, after, observed }) => {
    if (after === null || observed.state === null) {
      throw new EksDrError('conflict', {
        message: `The health check ${healthCheck} is others': it is neither made nor deleted here.`,
        target: healthCheck,
      });
    }
    const route53 = await clients.route53();
    await route53.updateHealthCheck({
      HealthCheckId: healthCheck,
      HealthCheckVersion: observed.version as number | undefined,
      FullyQualifiedDomainName: after.fqdn,
    });
  }),
});
