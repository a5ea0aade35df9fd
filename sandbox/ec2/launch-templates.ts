import { createHash } from 'node:crypto';
import { awsFault } from '../aws/fault.ts';
import { text, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { ec2Response, page, regionOf, tagSet } from './call.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { ec2Region } from './network.ts';
import type { Ec2Region, LaunchTemplate } from './state.ts';

/** As Karpenter names its templates: after a hash of what is in them. One that is there already stays. */
export function ensureLaunchTemplate(world: World, region: string, tags: Readonly<Record<string, string>>, now: number): void {
  const hash = createHash('sha256').update(JSON.stringify(tags)).digest('hex').slice(0, 20);
  const name = `karpenter.k8s.aws/${hash}`;
  const templates = ec2Region(world, region).launchTemplates;
  if (Object.values(templates).some((template) => template.name === name)) return;
  const id = nextEc2Id(world.ec2, 'lt');
  templates[id] = { id, name, createdAt: now, tags: { ...tags } };
}

/** Those with all of these tags. */
export function removeLaunchTemplates(world: World, region: string, tags: Readonly<Record<string, string>>): void {
  const templates = ec2Region(world, region).launchTemplates;
  for (const [id, template] of Object.entries(templates))
    if (Object.entries(tags).every(([key, value]) => template.tags[key] === value)) delete templates[id];
}

function noSuchId(id: string): Error {
  const message = `The specified launch template, with template ID ${id}, does not exist.`;
  return awsFault(400, 'InvalidLaunchTemplateId.NotFound', message);
}

function noSuchName(name: string): Error {
  const message = `The specified launch template, with template name ${name}, does not exist.`;
  return awsFault(400, 'InvalidLaunchTemplateName.NotFoundException', message);
}

function byId({ launchTemplates }: Ec2Region, id: string): LaunchTemplate {
  const found = launchTemplates[id];
  if (found === undefined) throw noSuchId(id);
  return found;
}

function byName({ launchTemplates }: Ec2Region, name: string): LaunchTemplate {
  const found = Object.values(launchTemplates).find((template) => template.name === name);
  if (found === undefined) throw noSuchName(name);
  return found;
}

function view(template: LaunchTemplate): { readonly [name: string]: XmlValue } {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    createTime: new Date(template.createdAt).toISOString(),
    defaultVersionNumber: '1',
    latestVersionNumber: '1',
    tagSet: tagSet(template.tags),
  };
}

/** Templates are made by controllers in clusters, through no API that the sandbox serves; anybody may delete them. */
export const launchTemplateOperations: QueryOperations = {
  DescribeLaunchTemplates: {
    parameters: ['LaunchTemplateId', 'LaunchTemplateName', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const [ids, names] = [texts(call.parameters, 'LaunchTemplateId'), texts(call.parameters, 'LaunchTemplateName')];
      const named = [...ids.map((id) => byId(region, id)), ...names.map((name) => byName(region, name))];
      const asked = ids.length + names.length === 0 ? Object.values(region.launchTemplates) : named;
      const { items, nextToken } = page(call, filterItems(call, asked, { 'launch-template-name': ({ name }) => name }));
      return ec2Response(call.action, { launchTemplates: items.map(view), nextToken });
    },
  },
  DeleteLaunchTemplate: {
    parameters: ['LaunchTemplateId', 'LaunchTemplateName', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const [id, name] = [text(call.parameters, 'LaunchTemplateId'), text(call.parameters, 'LaunchTemplateName')];
      if ((id === undefined) === (name === undefined))
        throw awsFault(400, 'MissingParameter', 'Either the ID or the name of the launch template must be given, and not both.');
      const template = id === undefined ? byName(region, name ?? '') : byId(region, id);
      delete region.launchTemplates[template.id];
      return ec2Response(call.action, { launchTemplate: view(template) });
    },
  },
};
