import type { Finding } from '../kit/step.ts';
import { readManifests } from '../manifests/read-folder.ts';
import type { Check } from '../step.ts';

/** The folders of manifests that the estate names can be read, and hold manifests. Whether the cluster knows their kinds shows at the plan. */
export const addonManifests: Check = {
  id: 'addon-manifests',
  title: 'The manifests of the add-ons can be read',
  async run({ estate, clients }) {
    const { karpenter, istio } = estate.addons;
    const excludedNamespaces = estate.namespaces.exclude;
    const named = [
      { field: 'addons.karpenter.manifests', folder: karpenter?.manifests },
      { field: 'addons.istio.manifests', folder: istio?.manifests },
    ];
    const found = await Promise.all(
      named.map(async ({ field, folder }): Promise<Finding[]> => {
        if (folder === undefined) return [];
        const { mistakes } = await readManifests({ folder, field, estateFolder: clients.estateFolder, excludedNamespaces }, {});
        return mistakes.map(({ message, remedy }) => ({ severity: 'blocker', message, evidence: `${field}: ${folder}`, remedy }));
      }),
    );
    return found.flat();
  },
};
