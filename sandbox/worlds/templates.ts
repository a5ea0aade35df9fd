import { PRIMARY_CLUSTER, PRIMARY_SERVER, REPO_URL, TEMPLATES_FOLDER } from './names.ts';
import type { Service, Style } from './services.ts';
import { valuesOf } from './template-values.ts';

/** The Argo CD applications of these services as files of the repository: by path. */
export function templateFiles(services: readonly Service[]): Record<string, string> {
  const files: Record<string, string> = {};
  const shared = new Map<string, Service[]>();
  for (const service of services) {
    const { style, project, name, team } = service;
    if (style === 'shared-file') shared.set(team, [...(shared.get(team) ?? []), service]);
    else files[`${TEMPLATES_FOLDER}/${project}/${name}.yaml`] = writers[style](service);
  }
  for (const [team, members] of shared) files[`${TEMPLATES_FOLDER}/${members[0]?.project}/${team}.yaml`] = sharedFile(team, members);
  return files;
}

const writers: Readonly<Record<Exclude<Style, 'shared-file'>, (service: Service) => string>> = {
  parameters: withParameters,
  'values-text': withValuesText,
  'values-object': withValuesObject,
  directory: withDirectory,
};

function withParameters(service: Service): string {
  const values = valuesOf(service);
  const parameters: [string, string][] = [
    ['replicaCount', `'${values.replicaCount}'`],
    ['image.repository', values.image.repository],
    ['image.tag', `'${values.image.tag}'`],
    ...(values.service === undefined ? [] : annotated('service', { type: values.service.type }, values.service.annotations)),
    ...(values.ingress === undefined
      ? []
      : annotated('ingress', { enabled: 'true', host: values.ingress.host }, values.ingress.annotations)),
    ...Object.entries(values.env).map(([name, value]): [string, string] => [`env.${name}`, value]),
  ];
  const lines = parameters.map(([name, value]) => `        - name: ${name}\n          value: ${value}\n`).join('');
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${service.name}
  namespace: argocd
  labels:
    tier: ${service.tier}
    team: ${service.team}
spec:
  project: ${service.project}
  source:
    repoURL: ${REPO_URL}
    path: charts/service
    targetRevision: main
    helm:
      parameters:
${lines}  destination:
    name: ${PRIMARY_CLUSTER}
    namespace: ${service.namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
`;
}

/** Helm parameters for a section of the values: plain ones, then annotations, whose dots are escaped. */
function annotated(
  section: string,
  plain: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): [string, string][] {
  return [
    ...Object.entries(plain).map(([name, value]): [string, string] => [`${section}.${name}`, `'${value}'`]),
    ...Object.entries(annotations).map(([name, value]): [string, string] => [
      `${section}.annotations.${name.replaceAll('.', '\\.')}`,
      `'${value}'`,
    ]),
  ];
}

function withValuesText(service: Service): string {
  const values = valuesOf(service);
  return `# Owned by team ${service.team}.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${service.name}
  namespace: argocd
  labels: {tier: ${service.tier}, team: ${service.team}}
  finalizers:
    - resources-finalizer.argocd.argoproj.io
spec:
  project: ${service.project}
  destination:
    server: ${PRIMARY_SERVER} # the production cluster
    namespace: ${service.namespace}
  source:
    repoURL: ${REPO_URL}
    targetRevision: main
    path: charts/service
    helm:
      # Dashboards look for this name.
      releaseName: ${service.name}
      values: |
        replicaCount: ${values.replicaCount}
        image:
          repository: ${values.image.repository}
          tag: "${values.image.tag}"
${section('service', values.service && { type: values.service.type }, values.service?.annotations, 8)}${section('ingress', values.ingress && { enabled: 'true', host: values.ingress.host }, values.ingress?.annotations, 8)}        env:
          LOG_LEVEL: ${values.env.LOG_LEVEL}
          AWS_REGION: ${values.env.AWS_REGION}
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    retry:
      limit: 5
`;
}

function withValuesObject(service: Service): string {
  const values = valuesOf(service);
  return `---
"apiVersion": "argoproj.io/v1alpha1"
"kind": "Application"
"metadata":
  "name": "${service.name}"
  "namespace": "argocd"
  "labels":
    "tier": "${service.tier}"
    "team": "${service.team}"
  "annotations":
    # Who is called at night.
    "shop.example.com/on-call": '${service.team}-duty'
  "finalizers": ["resources-finalizer.argocd.argoproj.io"]
"spec":
  "project": "${service.project}"
  "source":
    "repoURL": "${REPO_URL}"
    "path": "charts/service"
    "targetRevision": "main"
    "helm":
      "valuesObject":
        "replicaCount": ${values.replicaCount}
        "image":
          "repository": "${values.image.repository}"   # replicated to the recovery region
          "tag": "${values.image.tag}"
${section('service', values.service && { type: values.service.type }, values.service?.annotations, 8)}${section('ingress', values.ingress && { enabled: 'true', host: values.ingress.host }, values.ingress?.annotations, 8)}        "podAnnotations":
          # Its role in Vault is called as it is; by which path it logs in, the injector of the cluster knows.
          "vault.hashicorp.com/agent-inject": "true"
          "vault.hashicorp.com/role": "${service.name}"
        "env":
          "LOG_LEVEL": "${values.env.LOG_LEVEL}"
          "AWS_REGION": "${values.env.AWS_REGION}"
  "destination":
    "name": "${PRIMARY_CLUSTER}"
    "namespace": "${service.namespace}"
  "syncPolicy":
    "automated":
      "prune": true
      "selfHeal": true
    "syncOptions":
      - "CreateNamespace=false"
`;
}

function withDirectory(service: Service): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${service.name}
  namespace: argocd
  labels:
    tier: ${service.tier}
    team: ${service.team}
  annotations:
    argocd.argoproj.io/sync-wave: "2"
spec:
  project: ${service.project}
  source:
    repoURL: ${REPO_URL}
    path: manifests/${service.namespace}/${service.name}
    targetRevision: main
    directory:
      recurse: true
  destination:
    name: '${PRIMARY_CLUSTER}'
    namespace: ${service.namespace}
  syncPolicy:
    automated:
      prune: true
`;
}

/** A team's applications in one file: several documents, each with anchors of its own and a merge key. */
function sharedFile(team: string, members: readonly Service[]): string {
  const documents = members.map((service) => {
    const values = valuesOf(service);
    const extra = service.tier === 'batch' ? '\n      valueFiles: [values-batch.yaml]' : '';
    return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: &name ${service.name}
  namespace: argocd
  labels: &labels
    team: ${service.team}
    tier: ${service.tier}
  annotations:
    argocd.argoproj.io/sync-wave: "${service.tier === 'batch' ? 5 : 1}"
spec:
  project: ${service.project}
  source: &source
    repoURL: '${REPO_URL}'
    path: charts/service
    targetRevision: main
    helm:
      releaseName: *name${extra}
      valuesObject:
        replicaCount: ${values.replicaCount}
        image: {repository: ${values.image.repository}, tag: '${values.image.tag}'}
        podLabels:
          <<: *labels
${section('service', values.service && { type: values.service.type }, values.service?.annotations, 8)}${section('ingress', values.ingress && { enabled: 'true', host: values.ingress.host }, values.ingress?.annotations, 8)}        env: {LOG_LEVEL: ${values.env.LOG_LEVEL}, AWS_REGION: ${values.env.AWS_REGION}}
  destination:
    server: '${PRIMARY_SERVER}'
    namespace: ${service.namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
`;
  });
  return `# Applications of team ${team}; one document each.\n${documents.join('---\n')}`;
}

/** A section of values in block style, or nothing. */
function section(
  name: string,
  plain: Readonly<Record<string, string>> | undefined,
  annotations: Readonly<Record<string, string>> | undefined,
  indent: number,
): string {
  if (plain === undefined) return '';
  const pad = ' '.repeat(indent);
  const lines = [
    `${name}:`,
    ...Object.entries(plain).map(([key, value]) => `  ${key}: ${value}`),
    '  annotations:',
    ...Object.entries(annotations ?? {}).map(([key, value]) => `    ${key}: '${value}'`),
  ];
  return lines.map((line) => `${pad}${line}\n`).join('');
}
