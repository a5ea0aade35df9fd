import { hex } from '../eks/ids.ts';
import { applyManifest } from '../kubernetes/delivery.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Sandbox } from '../system.ts';
import { primaryRef } from './primary.ts';

function secret(namespace: string, name: string, labels: Record<string, string> = {}): KubeObject {
  const data = { value: Buffer.from(hex(`secret ${namespace}/${name}`, 32)).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name, labels }, type: 'Opaque', data };
}

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'exports.shop.example.com' },
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { kind: 'Export', plural: 'exports', singular: 'export', listKind: 'ExportList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

/** What people made in the primary over the months, and what stands beside it that only looks so. */
const objects: readonly (readonly [manager: string, object: KubeObject])[] = [
  ['kubectl-create', secret('cart', 'partner-sftp')],
  ['kubectl-create', secret('order', 'label-printer')],
  // prepare-namespaces brings this one.
  ['kubectl-create', secret('order', 'newrelic-license')],
  ['external-secrets', secret('checkout', 'checkout-database', { 'reconcile.external-secrets.io/managed': 'true' })],
  [
    'kubectl-client-side-apply',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'order', name: 'feature-flags' },
      data: { 'flags.json': '{"express":true}' },
    },
  ],
  [
    'kubectl-client-side-apply',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace: 'invoice', name: 'documents' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'gp2', resources: { requests: { storage: '20Gi' } } },
    },
  ],
  ['kubectl-create', definition],
];

/** Puts into the primary what no Git holds. */
export function seedByHand(sandbox: Sandbox): void {
  for (const [manager, object] of objects) applyManifest(sandbox, primaryRef, object, manager);
}
