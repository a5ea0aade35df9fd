import { createHash } from 'node:crypto';
import { type Chart, count, fields, type Json, required, text } from './chart.ts';
import {
  chartLabels,
  clusterRole,
  definition,
  deployment,
  disruptionBudget,
  rule,
  service,
  serviceAccount,
  webhookConfiguration,
} from './objects.ts';

const NAME = 'aws-load-balancer-controller';
const SERVICE = 'aws-load-balancer-webhook-service';
const TLS = 'aws-load-balancer-tls';
const CONFIGURATION = 'aws-load-balancer-webhook';

/** eks-charts/aws-load-balancer-controller 3.5.0. */
export const awsLoadBalancerController: Chart = {
  name: NAME,
  appVersion: 'v3.5.0',

  render(values, release) {
    const clusterName = required(values.clusterName, 'Chart cannot be installed without a valid clusterName!');
    const labels = chartLabels(NAME, release);
    const account = fields(values.serviceAccount);
    const accountName = text(account.name, release.name);
    const ca = certificateOf(release.salt);
    const args = [
      `--cluster-name=${clusterName}`,
      '--ingress-class=alb',
      ...(values.region === undefined || values.region === '' ? [] : [`--aws-region=${String(values.region)}`]),
      ...(values.vpcId === undefined || values.vpcId === '' ? [] : [`--aws-vpc-id=${String(values.vpcId)}`]),
    ];
    const container = {
      name: NAME,
      image: `public.ecr.aws/eks/${NAME}:v3.5.0`,
      args,
      ports: [{ name: 'webhook-server', containerPort: 9443, protocol: 'TCP' }],
    };
    return [
      ...(release.skipCrds ? [] : definitions),
      ...(account.create === false ? [] : [serviceAccount(release, accountName, labels, account.annotations)]),
      ...clusterRole(release, `${NAME}-role`, labels, accountName, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: TLS, namespace: release.namespace, labels },
        type: 'kubernetes.io/tls',
        data: { 'ca.crt': ca, 'tls.crt': certificateOf(`${release.salt}/tls`), 'tls.key': certificateOf(`${release.salt}/key`) },
      },
      service(release, SERVICE, labels, selectorOf(release.name), [{ name: 'webhook-server', port: 443, targetPort: 'webhook-server' }]),
      deployment(release, {
        name: release.name,
        labels,
        selector: selectorOf(release.name),
        replicas: count(values.replicaCount, 2),
        serviceAccountName: accountName,
        container,
        pod: { priorityClassName: 'system-cluster-critical' },
      }),
      disruptionBudget(release, release.name, labels, selectorOf(release.name)),
      webhookConfiguration('Mutating', CONFIGURATION, labels, mutating(values, release.namespace, ca)),
      webhookConfiguration('Validating', CONFIGURATION, labels, [
        {
          name: 'vingress.elbv2.k8s.aws',
          service: { name: SERVICE, namespace: release.namespace, path: '/validate-networking-v1-ingress' },
          caBundle: ca,
          failurePolicy: 'Fail',
          rules: [rule('networking.k8s.io', 'v1', ['ingresses'], ['CREATE', 'UPDATE'])],
        },
      ]),
      { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'IngressClassParams', metadata: { name: 'alb', labels }, spec: {} },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'alb', labels },
        spec: { controller: 'ingress.k8s.aws/alb' },
      },
    ];
  },
};

function selectorOf(release: string): Record<string, string> {
  return { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/instance': release };
}

function mutating(values: Json, namespace: string, caBundle: string) {
  if (values.enableServiceMutatorWebhook === false) return [];
  return [
    {
      name: 'mservice.elbv2.k8s.aws',
      service: { name: SERVICE, namespace, path: '/mutate-v1-service' },
      caBundle,
      failurePolicy: 'Fail',
      rules: [rule('', 'v1', ['services'], ['CREATE'])],
      objectSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'NotIn', values: [NAME] }] },
    },
  ];
}

/** Of no use to anybody, but different at each render. */
function certificateOf(salt: string): string {
  return Buffer.from(
    `-----BEGIN CERTIFICATE-----\n${createHash('sha256').update(salt).digest('base64')}\n-----END CERTIFICATE-----\n`,
  ).toString('base64');
}

const group = 'elbv2.k8s.aws';
const definitions: readonly Json[] = [
  definition({ group, version: 'v1beta1', kind: 'TargetGroupBinding', plural: 'targetgroupbindings', scope: 'Namespaced' }),
  definition({ group, version: 'v1beta1', kind: 'IngressClassParams', plural: 'ingressclassparams', scope: 'Cluster' }),
  definition({ group, version: 'v1beta1', kind: 'ALBTargetControlConfig', plural: 'albtargetcontrolconfigs', scope: 'Namespaced' }),
];
