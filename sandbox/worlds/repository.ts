import { addProject, addUser, commitFiles } from '../gitlab/repository.ts';
import type { World } from '../world.ts';
import { chartFiles } from './charts.ts';
import { manifestFiles } from './manifests.ts';
import { BORN, BOT, GITLAB_PROJECT, NOW, PRIMARY_CLUSTER, REVIEWER } from './names.ts';
import type { Service } from './services.ts';
import { templateFiles } from './templates.ts';

const REVIEW_SECONDS = 60;

/** GitLab with its users and the repository of Argo CD's templates, on a protected `main` that asks for one approval. */
export function seedGitLab(world: World, services: readonly Service[]): void {
  const { gitlab } = world;
  addUser(gitlab, { username: BOT, name: 'EKS-DR', email: 'eks-dr@example.com' }, 'glpat-sandbox');
  addUser(gitlab, { username: REVIEWER, name: 'Reviewer', email: 'reviewer@example.com' }, 'glpat-reviewer');
  gitlab.autoApprover = { reviewer: REVIEWER, author: BOT, afterSeconds: REVIEW_SECONDS };
  const project = addProject(gitlab, {
    path: GITLAB_PROJECT,
    description: 'What Argo CD deploys',
    members: { [BOT]: 30, [REVIEWER]: 40 },
    approvalsRequired: 1,
    at: BORN,
  });
  const author = { name: 'Platform', email: 'platform@example.com' };
  const commit = (message: string, at: number, files: Readonly<Record<string, string>>): string =>
    commitFiles(project, { branch: 'main', message, author, at, files });
  commit('Begin', BORN, foreignFiles);
  commit('Add the chart and the manifests', BORN + 3_600_000, { ...chartFiles, ...manifestFiles(services) });
  commit('Add the applications of the production cluster', BORN + 7_200_000, templateFiles(services));
  commit('Say where to find what', NOW - 14 * 86_400_000, { 'README.md': readme });
}

const readme = `# Argo CD applications

- \`clusters/<cluster>/\`: the applications of a cluster, by AppProject
- \`charts/\`: the chart that most of them use
- \`manifests/\`: what is deployed without a chart
`;

/** What lies in the repository beside the templates of the primary, and is nobody's to touch in a recovery. */
const foreignFiles: Readonly<Record<string, string>> = {
  'README.md': '# Argo CD applications\n',
  '.gitlab-ci.yml': 'lint:\n  script: yamllint .\n',
  'clusters/shop-staging/catalog/cart-api.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: cart-api-staging
  namespace: argocd
spec:
  project: staging
  source:
    repoURL: https://gitlab.example.com/platform/argocd-apps.git
    path: charts/service
    targetRevision: main
  destination:
    name: shop-staging
    namespace: cart
`,
  [`clusters/${PRIMARY_CLUSTER}/README.md`]: '# The production cluster\n\nEvery file is synced by the root application.\n',
};
