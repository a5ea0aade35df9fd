import { expect } from 'chai';
import { awsLoadBalancerController } from '../../../sandbox/charts/aws-load-balancer-controller.ts';
import type { Chart, Json, Release } from '../../../sandbox/charts/chart.ts';
import { istioBase } from '../../../sandbox/charts/istio-base.ts';
import { istioGateway } from '../../../sandbox/charts/istio-gateway.ts';
import { istiod } from '../../../sandbox/charts/istiod.ts';
import { karpenter } from '../../../sandbox/charts/karpenter.ts';
import { karpenterCrd } from '../../../sandbox/charts/karpenter-crd.ts';
import { metricsServer } from '../../../sandbox/charts/metrics-server.ts';
import { findChart, publicRepositories } from '../../../sandbox/charts/registry.ts';
import { vaultChart } from '../../../sandbox/charts/vault.ts';

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
}

function render(chart: Chart, values: Json = {}, release: Partial<Release> = {}): Rendered[] {
  return chart.render(values, { name: chart.name, namespace: 'system', skipCrds: false, salt: 'a', ...release }) as unknown as Rendered[];
}

/** `Kind name`, without definitions and the cluster roles that every controller has. */
function made(objects: readonly Rendered[]): string[] {
  const others = ['CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'];
  return objects
    .filter(({ kind }) => !others.includes(kind))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .toSorted();
}

function definitions(objects: readonly Rendered[]): string[] {
  return objects.flatMap(({ kind, metadata }) => (kind === 'CustomResourceDefinition' ? [metadata.name] : [])).toSorted();
}

/** The one object of a kind, of this name where there are several. */
function only(objects: readonly Rendered[], kind: string, name?: string): Rendered {
  const [found, second] = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found === undefined || second !== undefined) throw new Error(`there is not one ${kind} ${name ?? ''}`);
  return found;
}

const ports = (objects: readonly Rendered[], name?: string): unknown[] => {
  const { spec } = only(objects, 'Service', name) as Rendered & { spec: { ports: { port: number; targetPort?: unknown }[] } };
  return spec.ports.map(({ port, targetPort }) => (targetPort === undefined ? port : `${port} to ${String(targetPort)}`));
};

describe('sandbox: the chart of the load balancer controller', () => {
  const values = { clusterName: 'shop', region: 'eu-west-1', vpcId: 'vpc-1' };
  const release = { namespace: 'kube-system' };

  it('makes the controller, its certificate and its webhooks, and the class of its Ingresses', () => {
    const objects = render(awsLoadBalancerController, values, release);
    expect(made(objects)).to.deep.equal([
      'Deployment aws-load-balancer-controller',
      'IngressClass alb',
      'IngressClassParams alb',
      'MutatingWebhookConfiguration aws-load-balancer-webhook',
      'PodDisruptionBudget aws-load-balancer-controller',
      'Secret aws-load-balancer-tls',
      'Service aws-load-balancer-webhook-service',
      'ServiceAccount aws-load-balancer-controller',
      'ValidatingWebhookConfiguration aws-load-balancer-webhook',
    ]);
    expect(definitions(objects)).to.include.members(['ingressclassparams.elbv2.k8s.aws', 'targetgroupbindings.elbv2.k8s.aws']);
    expect(only(objects, 'Deployment')).to.have.nested.property('spec.replicas', 2);
    const container = 'spec.template.spec.containers[0]';
    expect(only(objects, 'Deployment')).to.have.nested.property(`${container}.ports[0].containerPort`, 9443);
    expect(only(objects, 'Deployment')).to.have.nested.property(`${container}.args`).that.includes('--cluster-name=shop');
  });

  it('refuses to be rendered without the name of its cluster', () => {
    expect(() => render(awsLoadBalancerController)).to.throw('Chart cannot be installed without a valid clusterName!');
  });

  it('has every Service go through a webhook that fails closed, but its own, unless it is told not to', () => {
    const webhook = only(render(awsLoadBalancerController, values), 'MutatingWebhookConfiguration');
    expect(webhook).to.have.nested.property('webhooks[0].failurePolicy', 'Fail');
    expect(webhook)
      .to.have.nested.property('webhooks[0].rules')
      .that.deep.equals([{ apiGroups: [''], apiVersions: ['v1'], resources: ['services'], operations: ['CREATE'] }]);
    expect(webhook).to.not.have.nested.property('webhooks[0].namespaceSelector');
    const without = render(awsLoadBalancerController, { ...values, enableServiceMutatorWebhook: false });
    expect(only(without, 'MutatingWebhookConfiguration')).to.have.property('webhooks').that.deep.equals([]);
  });

  it('has another certificate at each render, the same in secret and webhooks', () => {
    const authority = (salt: string): string[] => {
      const objects = render(awsLoadBalancerController, values, { salt }) as unknown as Json[];
      const texts = JSON.stringify(objects).match(/"(?:caBundle|ca\.crt)":"[^"]+"/g) ?? [];
      return [...new Set(texts.map((text) => text.split(':')[1] ?? ''))];
    };
    expect(authority('a')).to.have.length(1);
    expect(authority('a')).to.deep.equal(authority('a'));
    expect(authority('a')).to.not.deep.equal(authority('b'));
  });

  it('annotates its account, or has none', () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/lbc' };
    const annotated = render(awsLoadBalancerController, { ...values, serviceAccount: { name: 'lbc', annotations } });
    expect(only(annotated, 'ServiceAccount').metadata).to.deep.include({ name: 'lbc', annotations });
    const none = render(awsLoadBalancerController, { ...values, serviceAccount: { create: false, name: 'lbc' } });
    expect(made(none).filter((name) => name.startsWith('ServiceAccount'))).to.deep.equal([]);
    expect(only(none, 'Deployment')).to.have.nested.property('spec.template.spec.serviceAccountName', 'lbc');
  });
});

describe('sandbox: the charts of Karpenter', () => {
  const values = { settings: { clusterName: 'shop', interruptionQueue: 'shop-queue' } };

  it('make the controller without webhooks and certificates, the same at each render', () => {
    const objects = render(karpenter, values, { skipCrds: true });
    expect(made(objects)).to.deep.equal([
      'Deployment karpenter',
      'PodDisruptionBudget karpenter',
      'Role karpenter-dns',
      'RoleBinding karpenter-dns',
      'Service karpenter',
      'ServiceAccount karpenter',
    ]);
    expect(only(objects, 'Role').metadata.namespace).to.equal('kube-system');
    expect(only(objects, 'PodDisruptionBudget')).to.have.nested.property('spec.maxUnavailable', 1);
    expect(ports(objects)).to.deep.equal(['8080 to http-metrics']);
    expect(render(karpenter, values, { salt: 'b' })).to.deep.equal(render(karpenter, values));
  });

  it('keep its two pods on different nodes, and tell it of queue and cluster', () => {
    const deployment = only(render(karpenter, values), 'Deployment');
    expect(deployment).to.have.nested.property('spec.replicas', 2);
    const pod = 'spec.template.spec';
    const term = `${pod}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]`;
    expect(deployment).to.have.nested.property(`${term}.topologyKey`, 'kubernetes.io/hostname');
    expect(deployment)
      .to.have.nested.property(`${pod}.containers[0].env`)
      .that.deep.equals([
        { name: 'CLUSTER_NAME', value: 'shop' },
        { name: 'INTERRUPTION_QUEUE', value: 'shop-queue' },
      ]);
    expect(() => render(karpenter)).to.throw('settings.clusterName is required');
  });

  it('define their kinds in either chart, unless told to skip them', () => {
    const kinds = [
      'capacitybuffers.autoscaling.x-k8s.io',
      'ec2nodeclasses.karpenter.k8s.aws',
      'nodeclaims.karpenter.sh',
      'nodeoverlays.karpenter.sh',
      'nodepools.karpenter.sh',
    ];
    expect(definitions(render(karpenterCrd))).to.deep.equal(kinds);
    expect(definitions(render(karpenter, values))).to.deep.equal(kinds);
    expect(definitions(render(karpenter, values, { skipCrds: true }))).to.deep.equal([]);
  });
});

describe('sandbox: the charts of Istio', () => {
  it('define fifteen kinds, with a check of what is written of them that fails as the values say', () => {
    const policy = (values: Json): unknown => {
      const { webhooks } = only(render(istioBase, values), 'ValidatingWebhookConfiguration') as Rendered & {
        webhooks: { failurePolicy: string }[];
      };
      return webhooks.map(({ failurePolicy }) => failurePolicy);
    };
    expect(definitions(render(istioBase))).to.have.length(15);
    expect(made(render(istioBase))).to.include('ValidatingWebhookConfiguration istiod-default-validator');
    expect(policy({})).to.deep.equal(['Ignore']);
    expect(policy({ base: { validationFailurePolicy: 'Fail' } })).to.deep.equal(['Fail']);
  });

  it('make istiod, called after its revision where it has one', () => {
    const names = (suffix: string): string[] => [
      `Deployment istiod${suffix}`,
      `HorizontalPodAutoscaler istiod${suffix}`,
      `MutatingWebhookConfiguration istio-sidecar-injector${suffix}`,
      `Service istiod${suffix}`,
      `ServiceAccount istiod${suffix}`,
      `ValidatingWebhookConfiguration istio-validator${suffix}-istio-system`,
    ];
    expect(made(render(istiod, {}, { namespace: 'istio-system' }))).to.deep.equal(names(''));
    expect(made(render(istiod, { revision: '1-30-3' }, { namespace: 'istio-system' }))).to.deep.equal(names('-1-30-3'));
    expect(ports(render(istiod))).to.deep.equal([15010, 15012, '443 to 15017', 15014]);
    expect(made(render(istiod, { autoscaleEnabled: false })).join()).to.not.contain('HorizontalPodAutoscaler');
  });

  it('inject into labelled namespaces and pods alone, by four webhooks that fail closed', () => {
    const { webhooks } = only(render(istiod), 'MutatingWebhookConfiguration') as Rendered & {
      webhooks: { name: string; failurePolicy: string; namespaceSelector: { matchExpressions: unknown[] } }[];
    };
    expect(webhooks.map(({ failurePolicy }) => failurePolicy)).to.deep.equal(['Fail', 'Fail', 'Fail', 'Fail']);
    const byNamespace = webhooks.find(({ name }) => name === 'namespace.sidecar-injector.istio.io');
    expect(byNamespace?.namespaceSelector.matchExpressions).to.deep.equal([
      { key: 'istio-injection', operator: 'In', values: ['enabled'] },
    ]);
  });

  it('make a gateway whose image is the word auto, behind a load balancer with what the values say of it', () => {
    const annotations = { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' };
    const objects = render(istioGateway, { service: { annotations } }, { name: 'istio-ingress' });
    expect(made(objects)).to.deep.equal(['Deployment istio-ingress', 'Service istio-ingress', 'ServiceAccount istio-ingress']);
    const deployment = only(objects, 'Deployment');
    expect(deployment).to.have.nested.property('spec.template.spec.containers[0].image', 'auto');
    expect(deployment).to.have.nested.property('spec.template.metadata.labels').that.includes({ app: 'istio-ingress', istio: 'ingress' });
    const service = only(objects, 'Service');
    expect(service).to.have.nested.property('spec.type', 'LoadBalancer');
    expect(service).to.have.nested.property('metadata.annotations').that.deep.equals(annotations);
    expect(ports(objects)).to.deep.equal(['15021 to 15021', '80 to 80', '443 to 443']);
    expect(made(render(istioGateway, { name: 'edge' }))).to.include('Deployment edge');
  });

  it('refuse top-level keys and types that the schema of the gateway does not know, all at once', () => {
    expect(() => render(istioGateway, { replicas: 2, service: 'none' })).to.throw(
      'gateway:\n- (root): Additional property replicas is not allowed\n- service: Invalid type. Expected: object, given: string',
    );
  });
});

describe('sandbox: the chart of Vault', () => {
  const values = { global: { externalVaultAddr: 'https://vault.example.com' }, server: { enabled: false } };
  const injector = (more: Json): Rendered[] => render(vaultChart, { ...values, injector: more }, { namespace: 'vault' });

  it('makes the injector alone where Vault is elsewhere', () => {
    expect(made(injector({}))).to.deep.equal([
      'Deployment vault-agent-injector',
      'MutatingWebhookConfiguration vault-agent-injector-cfg',
      'Service vault-agent-injector-svc',
      'ServiceAccount vault-agent-injector',
    ]);
    expect(ports(injector({}))).to.deep.equal(['443 to 8080']);
    expect(made(injector({ replicas: 2 }))).to.include('Secret vault-injector-certs');
    expect(injector({ enabled: false })).to.deep.equal([]);
  });

  it('sees every pod but its own, fails open, and says nothing of its authority, unless the values do', () => {
    const webhook = (more: Json) => only(injector({ webhook: more }), 'MutatingWebhookConfiguration');
    expect(webhook({})).to.have.nested.property('webhooks[0].failurePolicy', 'Ignore');
    expect(webhook({})).to.have.nested.property('webhooks[0].namespaceSelector').that.deep.equals({});
    expect(webhook({})).to.have.nested.property('webhooks[0].clientConfig.caBundle', '');
    const selector = { matchLabels: { secrets: 'yes' } };
    const own = webhook({ failurePolicy: 'Nope', namespaceSelector: selector });
    expect(own, 'the schema knows types alone').to.have.nested.property('webhooks[0].failurePolicy', 'Nope');
    expect(own).to.have.nested.property('webhooks[0].namespaceSelector').that.deep.equals(selector);
    expect(() => render(vaultChart, { ...values, injector: 'on' })).to.throw('Invalid type. Expected: object');
  });

  it('lets pods log in by the path of the values', () => {
    const env = (more: Json) => only(injector(more), 'Deployment');
    const path = 'spec.template.spec.containers[0].env[1].value';
    expect(env({})).to.have.nested.property(path, 'auth/kubernetes');
    expect(env({ authPath: 'auth/shop' })).to.have.nested.property(path, 'auth/shop');
  });
});

describe('sandbox: the repositories of charts', () => {
  const found = (repoURL: string, chart: string, version: string) => findChart(publicRepositories(), { repoURL, chart, version });

  it('have the charts in their versions, whatever form the address has', () => {
    expect(found('oci://public.ecr.aws/karpenter/', 'karpenter', '1.14.1')).to.equal(karpenter);
    expect(found('https://kubernetes-sigs.github.io/metrics-server', 'metrics-server', '3.13.0')).to.equal(metricsServer);
  });

  it('say what they lack: the repository, the chart or the version', () => {
    const problem = (...wanted: Parameters<typeof found>): string => (found(...wanted) as { problem: string }).problem;
    expect(problem('https://charts.example.com', 'base', '1.30.3')).to.contain('failed to get index');
    expect(problem('public.ecr.aws/karpenter', 'base', '1.30.3')).to.contain('chart "base" not found');
    expect(problem('public.ecr.aws/karpenter', 'karpenter', '0.1.0')).to.contain('no matching version');
  });
});
