import { eventually } from '../eventually.ts';
import type { Body, KubernetesHttp } from '../subjects/kubernetes-http.ts';

/** A type of its own for every run: `Widget` in a group that nobody else has. */
export interface Widgets {
  readonly apiVersion: string;
  readonly definition: string;
  /** Of the namespace's. */
  readonly path: string;
}

const SCHEMA = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1 },
        colour: { type: 'string', enum: ['red', 'green'], default: 'green' },
        parts: {
          type: 'array',
          items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, note: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
        lines: { type: 'array', items: { type: 'string' } },
        anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' } } },
  },
};

export function widgetDefinition(group: string): object {
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: SCHEMA }, subresources: { status: {} } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
      versions: [version],
    },
  };
}

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Defines the type and waits until it is served. */
export async function defineWidgets(admin: KubernetesHttp, group: string, namespace: string): Promise<Widgets> {
  const made = await admin.ask('POST', DEFINITIONS, { body: widgetDefinition(group) });
  if (made.status !== 201) throw new Error(`refused with ${made.status}: ${made.text}`);
  const path = `/apis/${group}/v1/namespaces/${namespace}/widgets`;
  await eventually(
    () => admin.ask('GET', path),
    ({ status }) => status === 200,
  );
  return { apiVersion: `${group}/v1`, definition: `${DEFINITIONS}/widgets.${group}`, path };
}

export function widget({ apiVersion }: Widgets, name: string, spec: unknown, metadata: object = {}): Partial<Body> {
  return { apiVersion, kind: 'Widget', metadata: { name, ...metadata } as Body['metadata'], spec };
}
