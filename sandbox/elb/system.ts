import { querySystem } from '../aws/query-system.ts';
import { dumpElb } from './dump.ts';
import { readOperations } from './read-operations.ts';
import { writeOperations } from './write-operations.ts';

/** Elastic Load Balancing v2: what the load balancer controllers of the clusters made. */
export const elb = querySystem({
  name: 'elb',
  service: 'elasticloadbalancing',
  version: '2015-12-01',
  operations: { ...readOperations, ...writeOperations },
  dump: dumpElb,
});
