import { allServices } from '../../sandbox/worlds/services.ts';
import { templateFiles } from '../../sandbox/worlds/templates.ts';
import { render } from '../../steps/rendering/render.ts';

// Renders so many applications, those of the sandbox over and over, and tells what it took: node --import tsx render-many.ts COUNT
const count = Number(process.argv[2]);
const services = allServices();
const copies = Math.ceil(count / services.length);
const templates = Array.from({ length: copies }).flatMap((_, copy) =>
  Object.entries(
    templateFiles(services.slice(0, count - copy * services.length).map((service) => ({ ...service, name: `${service.name}-${copy}` }))),
  ).map(([path, text]) => ({ path: `${copy}/${path}`, text })),
);
const start = performance.now();
const rendering = render(templates, {
  primary: { name: 'shop-prod', server: 'https://shop-prod.eu-west-1.k8s.example.com' },
  cluster: 'shop-recover-1',
  run: 'recover-1',
  namespace: 'argocd',
  projects: Object.fromEntries(services.map(({ project }) => [project, project])),
  applications: new Set(Array.from({ length: copies }).flatMap((_, copy) => services.map(({ name }) => `${name}-${copy}`))),
  sourceTypes: {},
  helmParameters: {},
  running: {},
  overrides: {},
  generated: 'refuse',
  translations: {
    'eu-west-1': 'eu-central-1',
    '111122223333.dkr.ecr.eu-west-1.amazonaws.com': '111122223333.dkr.ecr.eu-central-1.amazonaws.com',
  },
});
const ms = performance.now() - start;
if (rendering.services.length !== count) throw new Error(`${rendering.services.length} of ${count} applications were rendered`);
process.stdout.write(JSON.stringify({ applications: count, ms, bytes: process.resourceUsage().maxRSS * 1024 }));
