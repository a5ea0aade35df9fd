/** The company's one chart, as it lies in the repository. */
export const chartFiles: Readonly<Record<string, string>> = {
  'charts/service/Chart.yaml': `apiVersion: v2
name: service
description: A stateless service of the shop
type: application
version: 3.4.0
appVersion: "1.0.0"
`,
  'charts/service/values.yaml': `replicaCount: 2

image:
  repository: registry.example.com/shop/service
  tag: ""

serviceAccount:
  create: true
  name: ""
  annotations: {}

service:
  # ClusterIP, or LoadBalancer for a network load balancer.
  type: ClusterIP
  port: 80
  targetPort: 8080
  annotations: {}

ingress:
  enabled: false
  className: alb
  host: ""
  path: /
  annotations: {}

podAnnotations: {}
podLabels: {}
env: {}

resources:
  requests:
    cpu: 50m
    memory: 64Mi
`,
  'charts/service/values-batch.yaml': `# For what runs in the background: nobody waits for it.
replicaCount: 1
podLabels:
  shop.example.com/background: "true"
`,
};
