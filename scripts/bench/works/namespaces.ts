import { RECOVERY_REGION as region } from '../../../sandbox/worlds/names.ts';
import { RUN_LABEL } from '../../../steps/naming.ts';
import { kubernetesObject } from '../../../steps/resources/kubernetes-object.ts';
import { kubernetesSecret } from '../../../steps/resources/kubernetes-secret.ts';
import { SECRET } from '../engine.ts';
import { startSlowClusters } from './slow-clusters.ts';
import { namesOf, type Work } from './work.ts';

/** Namespaces, then a secret in each, in clusters of the sandbox. */
export const namespaces: Work = {
  title: 'namespaces with a secret in each',
  drivers: [kubernetesObject, kubernetesSecret],
  start: startSlowClusters,
  async describe({ secrets }, cluster, run, objects) {
    const at = { region, cluster };
    const labels = { [RUN_LABEL]: run };
    const data = { licenseKey: await secrets.field(SECRET) };
    const names = namesOf(objects);
    return [
      names.map((name) =>
        kubernetesObject.resource({ ...at, apiVersion: 'v1', kind: 'Namespace', namespace: '', name }, { metadata: { labels } }),
      ),
      names.map((namespace) => kubernetesSecret.resource({ ...at, namespace, name: 'newrelic-license' }, { type: 'Opaque', labels, data })),
    ];
  },
};
