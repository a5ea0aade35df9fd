/** What a kubeconfig must know of a cluster. `ca`: base64 of its PEM. */
interface Cluster {
  readonly cluster: string;
  readonly region: string;
  readonly endpoint: string;
  readonly ca: string;
}

/** A kubeconfig that holds no credentials: whoever uses it logs in with their own AWS identity by the AWS CLI, as after `aws eks update-kubeconfig`. */
export function kubeconfigOf({ cluster, region, endpoint, ca }: Cluster): string {
  const name = JSON.stringify(cluster);
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${JSON.stringify(endpoint)}
      certificate-authority-data: ${ca}
users:
  - name: ${name}
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: aws
        args: [eks, get-token, --region, ${JSON.stringify(region)}, --cluster-name, ${name}, --output, json]
        interactiveMode: IfAvailable
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${name}
current-context: ${name}
`;
}
