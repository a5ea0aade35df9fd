import type { Ec2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import { EksDrError, gather } from '../kit/errors.ts';
import { isJsonObject, type Json } from '../kit/json.ts';
import type { Manifest } from '../manifests/manifest.ts';

/** Something in the VPC that an EC2NodeClass may choose. */
interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

const selectors = [
  { field: 'subnetSelectorTerms', noun: 'subnet', resource: 'aws_subnet' },
  { field: 'securityGroupSelectorTerms', noun: 'security group', resource: 'aws_security_group' },
] as const;

/**
 * Throws where an EC2NodeClass would find no subnet or no security group in the VPC of the new cluster: it would never become ready.
 * Which tags are missing is told for all of them at once.
 */
export async function refuseUndiscoverable(ec2: Ec2, vpcId: string, nodeClasses: readonly Manifest[]): Promise<void> {
  const [subnets, groups] = await Promise.all([subnetsOf(ec2, vpcId), securityGroupsOf(ec2, vpcId)]);
  const there = { subnetSelectorTerms: subnets, securityGroupSelectorTerms: groups };
  const errors = nodeClasses.flatMap(({ name, body }) =>
    selectors.flatMap(({ field, noun, resource }) => {
      const spec = isJsonObject(body.spec ?? null) ? body.spec : {};
      const terms = (spec as Readonly<Record<string, Json>>)[field];
      const wanted = Array.isArray(terms) ? (terms as readonly Json[]) : [];
      const candidates = there[field];
      if (candidates.some((candidate) => wanted.some((term) => matches(term, candidate)))) return [];
      return [undiscoverable({ nodeClass: name, noun, resource, vpcId, wanted, candidates })];
    }),
  );
  if (errors.length > 0) throw gather(errors);
}

/** All of a term must hold; the value `*` stands for any. Source: Karpenter's documentation, NodeClasses, selector terms. */
function matches(term: Json, { id, name, tags }: Candidate): boolean {
  if (!isJsonObject(term)) return false;
  const { id: wantedId, name: wantedName, tags: wantedTags } = term;
  const wanted = isJsonObject(wantedTags ?? null) ? (wantedTags as Readonly<Record<string, Json>>) : {};
  return (
    (wantedId === undefined || wantedId === id) &&
    (wantedName === undefined || wantedName === name) &&
    Object.entries(wanted).every(([key, value]) => (value === '*' ? tags[key] !== undefined : tags[key] === value))
  );
}

function undiscoverable(found: {
  readonly nodeClass: string;
  readonly noun: string;
  readonly resource: string;
  readonly vpcId: string;
  readonly wanted: readonly Json[];
  readonly candidates: readonly Candidate[];
}): EksDrError {
  const { nodeClass, noun, resource, vpcId, wanted, candidates } = found;
  const asked = wanted.map(termText).join(', or ');
  const ids = candidates.map(({ id }) => id);
  const present = ids.length === 0 ? 'it has none at all' : `it has ${ids.slice(0, 6).join(', ')}${ids.length > 6 ? ' ...' : ''}`;
  return new EksDrError('input-invalid', {
    message: `EC2NodeClass ${nodeClass} would never become ready: no ${noun} of ${vpcId} is ${asked} (${present}).`,
    target: `EC2NodeClass ${nodeClass}`,
    remedy: `Have the Terraform module set that on each ${resource} that Karpenter's nodes shall use, and run create-cluster again; then plan this step again.`,
  });
}

/** `tagged karpenter.sh/discovery = shop-r1`. */
function termText(term: Json): string {
  if (!isJsonObject(term)) return JSON.stringify(term);
  const { tags, ...rest } = term;
  const named = Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`);
  const tagged = Object.entries(isJsonObject(tags ?? null) ? (tags as object) : {}).map(
    ([key, value]) => `tagged ${key} = ${String(value)}`,
  );
  return [...named, ...tagged].join(' and ');
}

async function subnetsOf(ec2: Ec2, vpcId: string): Promise<Candidate[]> {
  const subnets = await allPages(async (NextToken) => {
    const page = await ec2.describeSubnets({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }], NextToken });
    return [page.Subnets, page.NextToken];
  });
  return subnets.map(({ SubnetId = '', Tags }) => ({ id: SubnetId, name: '', tags: tagsOf(Tags) }));
}

async function securityGroupsOf(ec2: Ec2, vpcId: string): Promise<Candidate[]> {
  const groups = await allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }], NextToken });
    return [page.SecurityGroups, page.NextToken];
  });
  return groups.map(({ GroupId = '', GroupName = '', Tags }) => ({ id: GroupId, name: GroupName, tags: tagsOf(Tags) }));
}

function tagsOf(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
