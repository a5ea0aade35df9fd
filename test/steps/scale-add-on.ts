import { eventually } from '../sandbox/kubernetes/platform.ts';
import type { Platform } from './platform.ts';

/** What an add-on consists of, as far as webhooks go by it. */
interface Running {
  readonly namespace: string;
  readonly deployment: string;
  /** The service behind its webhook. */
  readonly service: string;
}

export const CONTROLLER: Running = {
  namespace: 'kube-system',
  deployment: 'aws-load-balancer-controller',
  service: 'aws-load-balancer-webhook-service',
};

export const INJECTOR: Running = { namespace: 'vault', deployment: 'vault-agent-injector', service: 'vault-agent-injector-svc' };

/** Scales an add-on, past Argo CD, which would heal it within seconds, and waits until the API server sees it so. */
export async function scaleAddon(platform: Platform, addon: Running, replicas: number): Promise<void> {
  const { namespace, deployment, service } = addon;
  const applications = Object.values(platform.remote.running.sandbox.world.argocd.applications);
  for (const { app } of applications) if (app.spec.destination.namespace === namespace) delete app.spec.syncPolicy;
  await platform.kubernetes.apply(
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: deployment, namespace }, spec: { replicas } },
    { fieldManager: 'somebody', force: true },
  );
  await eventually(
    () => platform.kubernetes.get({ apiVersion: 'v1', kind: 'Endpoints', namespace, name: service }),
    (endpoints) => (endpoints?.subsets === undefined) === (replicas === 0),
  );
}
