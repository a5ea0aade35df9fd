import { lastGoodOutsideLostRegion } from './checks/last-good-region.ts';
import { argocdReachable, gitlabReachable, primaryReachable } from './checks/reachable.ts';
import type { Clients } from './clients/clients.ts';
import type { Estate } from './estate/estate.ts';
import { answerWithin } from './inventory/answer.ts';
import { askingOnce } from './inventory/asking-once.ts';
import { type Answer, type Chosen, choosePart } from './inventory/choose.ts';
import { type Inventory, inventory } from './inventory/inventory.ts';
import { readLastGood } from './inventory/last-good.ts';
import type { PartEstate } from './inventory/part.ts';
import { eachPart, type PartName, type Parts, partNames, partOf } from './inventory/parts.ts';
import { servicesOf } from './inventory/services.ts';
import { inventorySummary } from './inventory/summary.ts';
import { asEksDrError, EksDrError, gather } from './kit/errors.ts';
import { defineStep } from './step.ts';

/** The inventory for people, beside the record. */
const INVENTORY_TEXT = 'inventory.txt';

export const takeInventory = defineStep({
  id: 'take-inventory',
  title: 'Take the inventory of the primary',
  needs: {},
  reads: ['primary', 'argocd', 'gitlab', 'services', 'inventory', 'vault', 'namespaces', 'apiGateway', 'route53', 'cloudfront'],
  outputs: inventory,
  modes: ['drill', 'recover', 'prepare'],
  drivers: [],
  waits: [],
  checks: [argocdReachable, gitlabReachable, primaryReachable, lastGoodOutsideLostRegion],

  async finish({ estate, clients, clock, log, signal }) {
    const archived = await readLastGood(estate, clients);
    if (archived === null && estate.inventory.lastGood !== undefined) {
      log.warn(`there is no archived inventory at ${estate.inventory.lastGood}: nothing stands in for a system that does not answer`);
    }
    const isAsked = (name: PartName) => estate.inventory.prefer !== 'last-good' || archived?.[name] === undefined;
    const live = await ask(isAsked, estate, askingOnce(clients), signal);
    const options = { policy: estate.inventory, now: clock.now(), timestamp: clock.timestamp(), isArchived: archived !== null };
    const chosen = chooseAll((name) => choosePart(name, live[name] as never, (archived?.[name] ?? null) as never, options));
    for (const name of partNames) {
      const { source, takenAt, reason } = chosen[name];
      if (source === 'last-good') log.warn(`${name} from the archived inventory of ${takenAt}: ${reason}`);
      if (source === 'unknown') log.warn(`the ${partOf(name).words} are not known, and nothing waits for them: ${reason}`);
    }
    return assemble(estate, chosen);
  },

  significant,
  files: (taken) => ({ [INVENTORY_TEXT]: inventorySummary(taken) }),
});

/**
 * What later steps go by. From where and when each part is, how the old load balancers are, which clusters Argo CD knows (ours joins
 * them half way), and the parts that only tell people something: an inventory that differs in those alone makes nothing stale.
 */
export function significant(inventory: Inventory): unknown {
  const { source: _source, takenAt: _takenAt, parts: _parts, argocd: _argocd, ...rest } = inventory;
  const {
    clusterOnly: _clusterOnly,
    delivery: _delivery,
    imageDigests: _digests,
    integrations: _integrations,
    origins: _origins,
    records: _records,
    ...content
  } = rest;
  return {
    ...content,
    loadBalancers: inventory.loadBalancers.map(({ healthy: _healthy, ...balancer }) => balancer),
  };
}

type Answers = { readonly [Name in PartName]: Answer<Parts[Name]> };
type AllChosen = { readonly [Name in PartName]: Chosen<Parts[Name]> };

/** Asks the systems of these parts at once, each with its own time to answer. */
async function ask(isAsked: (name: PartName) => boolean, estate: PartEstate, clients: Clients, signal: AbortSignal): Promise<Answers> {
  const notAsked = { ok: false, error: new EksDrError('remote-unavailable', { message: 'It was not asked.' }) } as const;
  const answers = partNames.map(async (name) => {
    const { system, read } = partOf(name);
    const answer = isAsked(name) ? answerWithin(estate.inventory.answerSeconds, system, signal, () => read(clients, estate)) : notAsked;
    return [name, await answer] as const;
  });
  return Object.fromEntries(await Promise.all(answers)) as Answers;
}

/** Everything that is wrong with any part, in one error. */
function chooseAll(choose: (name: PartName) => unknown): AllChosen {
  const errors: EksDrError[] = [];
  const chosen: Partial<Record<PartName, unknown>> = {};
  for (const name of partNames) {
    try {
      chosen[name] = choose(name);
    } catch (thrown) {
      errors.push(asEksDrError(thrown));
    }
  }
  if (errors.length > 0) throw gather(errors);
  return chosen as AllChosen;
}

/** Joins the parts. */
function assemble({ primary }: Pick<Estate, 'primary'>, chosen: AllChosen): Inventory {
  const { applications, clusters } = chosen.applications.value;
  const templates = chosen.templates.value;
  const sources = new Set(partNames.map((name) => chosen[name].source).filter((source) => source !== 'unknown'));
  return {
    source: sources.size > 1 ? 'mixed' : sources.has('live') ? 'live' : 'last-good',
    takenAt: partNames.map((name) => chosen[name].takenAt).toSorted()[0] ?? '',
    primary: { region: primary.region, cluster: primary.cluster },
    parts: eachPart((name) => {
      const { value: _value, ...provenance } = chosen[name];
      return provenance;
    }),
    ...servicesOf(applications, templates),
    namespaces: chosen.namespaces.value,
    loadBalancers: chosen.loadBalancers.value,
    identities: chosen.identities.value,
    networkPaths: chosen.networkPaths.value,
    templates,
    vault: chosen.vault.value,
    clusterOnly: chosen.clusterOnly.value,
    delivery: chosen.delivery.value,
    imageDigests: chosen.imageDigests.value,
    integrations: chosen.integrations.value,
    records: chosen.records.value,
    origins: chosen.origins.value,
    argocd: { clusters },
  };
}
