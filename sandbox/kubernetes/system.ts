import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import { contextOf } from './clusters.ts';
import { runControllers } from './controllers/run.ts';
import { dumpKubernetes } from './dump.ts';
import { failureOf, json, statusOf } from './failure.ts';
import { parseApiPath, pathTemplate } from './path.ts';
import { handleApi, isMutation } from './requests.ts';
import { schedule } from './schedule.ts';

function operation(request: SandboxRequest): string {
  return `${request.method} ${pathTemplate(parseApiPath(request.path)?.path ?? request.path)}`;
}

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const path = parseApiPath(request.path);
  if (path === null) return json(404, statusOf(404, 'NotFound', 'the server could not find the requested resource', {}));
  try {
    return handleApi(sandbox, request, path);
  } catch (error) {
    const status = failureOf(error);
    if (status === null) throw error;
    return json(status.code, status);
  }
}

function tick(sandbox: Sandbox): void {
  for (const cluster of Object.values(sandbox.world.kubernetes.clusters)) {
    const context = contextOf(sandbox, cluster);
    if (context === null) continue;
    if (cluster.ca !== sandbox.ca) {
      cluster.ca = sandbox.ca;
      schedule(cluster, 'ca changed', context.now);
    }
    runControllers(context);
  }
}

/** The Kubernetes API of every EKS cluster, under /clusters/<region>/<cluster>. */
export const kubernetes: System = {
  name: 'kubernetes',
  port: 'kubernetes',
  operation,
  mutates: (request) => {
    const path = parseApiPath(request.path);
    return path !== null && isMutation(request, path);
  },
  handle,
  tick,
  dump: ({ kubernetes: state }) => dumpKubernetes(state),
};
