import { type Chart, count } from './chart.ts';
import { chartLabels, deployment, service, serviceAccount } from './objects.ts';

/** kubernetes-sigs/metrics-server 3.13.0: stands for add-ons without webhooks and definitions. */
export const metricsServer: Chart = {
  name: 'metrics-server',
  appVersion: '0.8.0',

  render(values, release) {
    const labels = chartLabels('metrics-server', release);
    const selector = { 'app.kubernetes.io/name': 'metrics-server', 'app.kubernetes.io/instance': release.name };
    return [
      serviceAccount(release, release.name, labels),
      service(release, release.name, labels, selector, [{ name: 'https', port: 443, targetPort: 'https' }]),
      deployment(release, {
        name: release.name,
        labels,
        selector,
        replicas: count(values.replicas, 1),
        serviceAccountName: release.name,
        container: {
          name: 'metrics-server',
          image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
          ports: [{ name: 'https', containerPort: 10250, protocol: 'TCP' }],
        },
      }),
    ];
  },
};
