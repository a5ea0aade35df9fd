import { ask } from '../../../real/servers/ask.ts';
import { eventually } from '../../eventually.ts';
import type { Answer, ArgoCd, CallOptions, Method } from './argocd.ts';

interface Made {
  readonly applications: Set<string>;
  readonly projects: Set<string>;
  readonly clusters: Set<string>;
}

/** Calls an Argo CD over the wire and keeps in mind what was made, so that it can be taken away again. */
export function callsOf({ url, ca, token }: Pick<ArgoCd, 'url' | 'ca' | 'token'>): { call: ArgoCd['call']; removeAll(): Promise<void> } {
  const made: Made = { applications: new Set(), projects: new Set(), clusters: new Set() };

  const call = async (method: Method, path: string, options: CallOptions = {}): Promise<Answer> => {
    const { contentType = 'application/json', token: by = token } = options;
    const { status, text } = await ask(`${url}${path}`, {
      method,
      ...(ca !== undefined && { ca }),
      ...(by !== null && { token: by }),
      headers: contentType === null ? {} : { 'content-type': contentType },
      ...(options.body !== undefined && { body: options.body }),
    });
    const answer = { status, body: parsed(text) };
    if (method === 'POST' && status === 200) note(made, path, answer.body);
    return answer;
  };

  return {
    call,
    async removeAll() {
      const apps = [...made.applications];
      await Promise.all(apps.map((name) => removeApplication(call, name)));
      await Promise.all([...made.projects].map((name) => call('DELETE', `/api/v1/projects/${name}`)));
      await Promise.all([...made.clusters].map((name) => call('DELETE', `/api/v1/clusters/${encodeURIComponent(name)}?id.type=name`)));
    },
  };
}

function note({ applications, projects, clusters }: Made, path: string, body: Answer['body']): void {
  const [resource, ...rest] = path.replace(/^\/api\/v1\/|\?.*$/g, '').split('/');
  if (rest.length > 0) return;
  if (resource === 'applications') applications.add(body.metadata.name);
  if (resource === 'projects') projects.add(body.metadata.name);
  if (resource === 'clusters') clusters.add(body.name);
}

/** With what it deployed, whatever finalizers an assertion has left on it. */
async function removeApplication(call: ArgoCd['call'], name: string): Promise<void> {
  const path = `/api/v1/applications/${name}`;
  const { status, body } = await call('GET', path);
  if (status !== 200) return;
  const held = (body.metadata.finalizers ?? []).filter((finalizer: string) => !finalizer.startsWith('resources-finalizer.'));
  // What runs would be waited for.
  await call('DELETE', `${path}/operation`);
  await call('DELETE', path);
  if (held.length > 0) await call('PATCH', path, { body: { patchType: 'merge', patch: '{"metadata":{"finalizers":null}}' } });
  await eventually(
    () => call('GET', path),
    (answer) => answer.status !== 200,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
