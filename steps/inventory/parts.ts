import type * as z from 'zod';
import type { Part } from './part.ts';
import { applications } from './parts/applications.ts';
import { clusterOnly } from './parts/cluster-only.ts';
import { delivery } from './parts/delivery.ts';
import { identities } from './parts/identities.ts';
import { imageDigests } from './parts/image-digests.ts';
import { integrations } from './parts/integrations.ts';
import { loadBalancers } from './parts/load-balancers.ts';
import { namespaces } from './parts/namespaces.ts';
import { networkPaths } from './parts/network-paths.ts';
import { origins } from './parts/origins.ts';
import { records } from './parts/records.ts';
import { templates } from './parts/templates.ts';
import { vault } from './parts/vault.ts';

/** Parts that only tell people something. */
const partsForPeople = { clusterOnly, delivery, imageDigests, integrations, origins, records } as const;

/** The parts of an inventory: each is read from another system, and each may come from the last archived inventory instead. */
export const parts = { applications, templates, namespaces, loadBalancers, vault, identities, networkPaths, ...partsForPeople } as const;

export type PartName = keyof typeof parts;
export type Parts = { readonly [Name in PartName]: z.infer<(typeof parts)[Name]['schema']> };

export type PeoplePartName = keyof typeof partsForPeople;

export const partNames = Object.keys(parts) as readonly PartName[];

/** The part of a name that is known only at run time: its values stay unknown. */
export function partOf(name: PartName): Part<unknown> {
  return parts[name] as Part<unknown>;
}

/** Makes one thing of each part. */
export function eachPart<T>(make: (name: PartName) => T): Readonly<Record<PartName, T>> {
  return Object.fromEntries(partNames.map((name) => [name, make(name)])) as Record<PartName, T>;
}

/** A part with the moment at which it was true. */
export interface Dated<T> {
  readonly takenAt: string;
  readonly value: T;
}

/** What an archive holds; one of an older version lacks the parts that it did not know yet. */
export type DatedParts = { readonly [Name in PartName]?: Dated<Parts[Name]> | undefined };
