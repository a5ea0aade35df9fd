import { defineContract } from '../contract.ts';
import { conflicts } from './conflicts.ts';
import { healthChecks } from './health-checks.ts';
import { paging } from './paging.ts';
import { reads } from './reads.ts';
import { ministackRoute53, type Route53Subject, sandboxRoute53 } from './subjects.ts';
import { validation } from './validation.ts';
import { writes } from './writes.ts';
import { zones } from './zones.ts';

export const route53 = defineContract<Route53Subject>({
  system: 'Route 53',
  sandbox: sandboxRoute53,
  referees: { ministack: ministackRoute53 },
  assertions: [...reads, ...writes, ...conflicts, ...validation, ...paging, ...zones, ...healthChecks],
});
