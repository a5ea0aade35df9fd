import type { Service } from './services.ts';
import { networkAnnotations } from './template-values.ts';

/** The plain manifests of the services that are deployed from a folder: by path. */
export function manifestFiles(services: readonly Service[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const service of services.filter((one) => one.style === 'directory')) {
    const folder = `manifests/${service.namespace}/${service.name}`;
    files[`${folder}/deployment.yaml`] = deployment(service);
    files[`${folder}/network/service.yaml`] = networkService(service);
    if (service.exposure === 'application') files[`${folder}/network/ingress.yml`] = ingress(service);
  }
  return files;
}

function deployment({ name, replicas, team }: Service): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  log-level: info
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}, team: ${team}}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}, team: ${team}}
    spec:
      serviceAccountName: ${name}
      containers:
        - name: ${name}
          image: registry.example.com/shop/${name}:1.${name.length}.0
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests: {cpu: 50m, memory: 64Mi}
          envFrom:
            - configMapRef: {name: ${name}}
`;
}

function networkService(service: Service): string {
  const { name, exposure } = service;
  const isBalanced = exposure === 'network' || exposure === 'network-internal';
  const annotations = Object.entries(networkAnnotations(service)).map(([key, value]) => `    ${key}: ${value}\n`);
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
${isBalanced ? `  annotations:\n${annotations.join('')}` : ''}spec:
  type: ${isBalanced ? 'LoadBalancer' : 'ClusterIP'}
  selector: {app: ${name}}
  ports:
    - {name: http, port: 80, targetPort: http}
`;
}

function ingress({ name, team }: Service): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  rules:
    - host: ${team}.shop.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: ${name}, port: {number: 80}}}
`;
}
