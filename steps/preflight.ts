import pLimit from 'p-limit';
import * as z from 'zod';
import { terraformPresent } from './checks/terraform.ts';
import { recordFindings } from './endpoints/record-findings.ts';
import { clusterOnlyFindings } from './inventory/cluster-only/findings.ts';
import { deliveryFindings } from './inventory/delivery-findings.ts';
import type { Inventory } from './inventory/inventory.ts';
import { nameFindings } from './inventory/name-findings.ts';
import { type PartName, partOf } from './inventory/parts.ts';
import { waveFindings } from './inventory/wave-findings.ts';
import { asBearable, asEksDrError, EksDrError } from './kit/errors.ts';
import { groupBy } from './kit/keys.ts';
import type { Finding } from './kit/step.ts';
import { templateFindings } from './merge-request/template-findings.ts';
import { networkPathFindings } from './network-paths/findings.ts';
import { type Check, defineStep, type Step } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { workloadIdentityFindings } from './workload-identity/findings.ts';

/** Checks run at once: enough to be quick, few enough for a tired API server. */
const AT_ONCE = 8;

const finding = z.strictObject({
  step: z.string(),
  check: z.string(),
  severity: z.enum(['blocker', 'warning', 'note']),
  message: z.string(),
  evidence: z.string(),
  remedy: z.string(),
});

export type PreflightFinding = z.infer<typeof finding>;

export const preflight = defineStep({
  id: 'preflight',
  title: 'Check what the other steps will need',
  needs: { inventory: takeInventory },
  // The checks of all steps run here, so it reads what they read.
  reads: [
    'name',
    'primary',
    'targets',
    'terraform',
    'access',
    'argocd',
    'gitlab',
    'vault',
    'namespaces',
    'workloadIdentity',
    'networkPaths',
    'addons',
    'inventory',
    'services',
    'apiGateway',
    'route53',
    'cloudfront',
    'fence',
    'drill',
  ],
  outputs: z.strictObject({ findings: z.array(finding) }),
  drivers: [],
  waits: [],
  checks: [],

  async finish(context) {
    const { run, clients, clock, log, signal, estate, needs, allSteps } = context;
    const look = (check: Check) => check.run({ run, clients, clock, log, signal, estate });
    const within = { estate, run, clients, inventory: needs.inventory };
    const [found, identities, paths, templates, records] = await Promise.all([
      runChecks(await allSteps(), look),
      namedFindings('configure-workload-identity', 'workload-roles', () => workloadIdentityFindings(within)),
      namedFindings('open-network-paths', 'security-group-counterparts', () => networkPathFindings(within)),
      namedFindings('open-merge-request', 'templates-render', () => templateFindings(within)),
      namedFindings('switch-route53', 'record-ttl', () => recordFindings(within)),
    ]);
    const findings = [
      ...inventoryFindings(
        needs.inventory,
        run.waivers.map(({ service }) => service),
      ),
      ...[
        ...nameFindings(needs.inventory, run, estate.drill),
        ...clusterOnlyFindings(needs.inventory, estate.inventory.acceptedLosses),
        ...deliveryFindings(needs.inventory, estate, run.mode),
        ...waveFindings(needs.inventory, estate),
      ].map((entry) => ({ step: takeInventory.id, ...entry })),
      ...found,
      ...identities,
      ...paths,
      ...templates,
      ...records,
    ];
    for (const { severity, step, message, remedy } of findings) {
      // Blockers stand in the error that follows.
      if (severity === 'warning') log.warn(`${severity}: ${step}: ${message} -> ${remedy}`);
    }
    refuseBlockers(findings);
    return { findings };
  },
});

/** What an inventory tells together with a look at the systems. Who can't look says so, and the recovery may go on. */
async function namedFindings(
  step: string,
  check: string,
  look: () => Promise<readonly (Finding & { readonly check: string })[]>,
): Promise<PreflightFinding[]> {
  try {
    return (await look()).map((entry) => ({ step, ...entry }));
  } catch (thrown) {
    const { message, remedy } = asBearable(thrown);
    return [{ step, check, severity: 'warning', message, evidence: check, remedy }];
  }
}

/** Runs the checks of all steps, each once whoever lists it, all at once; findings come in the order of the steps. */
export async function runChecks(steps: readonly Step[], look: (check: Check) => Promise<readonly Finding[]>): Promise<PreflightFinding[]> {
  const limit = pLimit(AT_ONCE);
  const wanted = new Map<string, { readonly step: string; readonly check: Check | string }>();
  for (const { id: step, checks, programs = [] } of steps) {
    for (const program of programs) wanted.set(programChecks[program]?.id ?? program, { step, check: programChecks[program] ?? program });
    for (const check of checks) if (!wanted.has(check.id)) wanted.set(check.id, { step, check });
  }
  const found = await Promise.all([...wanted.values()].map(({ step, check }) => limit(() => runCheck(step, check, look))));
  return found.flat();
}

/** How to tell whether an external program is there, by the name under which steps ask for it. */
const programChecks: Readonly<Record<string, Check>> = { terraform: terraformPresent };

async function runCheck(
  step: string,
  check: Check | string,
  look: (check: Check) => Promise<readonly Finding[]>,
): Promise<PreflightFinding[]> {
  if (typeof check === 'string')
    throw new EksDrError('bug', { message: `No check knows how to look for the program ${check} of ${step}.` });
  const found = await look(check).catch((thrown: unknown) => [couldNotLook(check, thrown)]);
  return found.map((entry) => ({ step, check: check.id, ...entry }));
}

/** A check that can't look is a blocker: what it would have found is not known. */
function couldNotLook(check: Check, thrown: unknown): Finding {
  const { category, message, remedy } = asEksDrError(thrown);
  if (category === 'interrupted') throw thrown;
  return { severity: 'blocker', message: `"${check.title}" could not be checked: ${message}`, evidence: check.id, remedy };
}

/** What the inventory itself tells: parts that are not live, or odd, and services that no template defines. */
export function inventoryFindings(inventory: Inventory, waived: readonly string[]): PreflightFinding[] {
  const odd = Object.entries(inventory.parts).flatMap(([name, { source, reason, ageSeconds, takenAt }]): PreflightFinding[] => {
    const about = { step: takeInventory.id, check: 'inventory-age', severity: 'warning' } as const;
    const { system, words } = partOf(name as PartName);
    if (source === 'unknown') {
      const remedy = `Make ${system} answer, or archive an inventory that holds them; a recovery goes on without.`;
      return [{ ...about, check: 'inventory-unknown', message: `The ${words} are not known.`, evidence: reason ?? system, remedy }];
    }
    if (source === 'live') {
      const remedy = 'If the loss is damage, look into the archived inventory for what there was; else archive a new one.';
      return reason === null ? [] : [{ ...about, check: 'inventory-shrank', message: reason, evidence: `${name}, live`, remedy }];
    }
    const message = `${name} come from the archived inventory, ${Math.round(ageSeconds / 60)} minutes old.`;
    const remedy = 'What was changed since is missing; archive the inventory often (the nightly job does).';
    return [{ ...about, message, evidence: reason ?? takenAt, remedy }];
  });
  const orphans = inventory.withoutTemplate.map(
    ({ name }): PreflightFinding => ({
      step: takeInventory.id,
      check: 'every-service-has-a-template',
      severity: waived.includes(name) ? 'note' : 'blocker',
      message: `The application ${name} is on the primary, but no template defines it, so no merge request can recover it.`,
      evidence: `${inventory.templates.project} ${inventory.templates.folder} at ${inventory.templates.commit.slice(0, 8)}`,
      remedy:
        'Add its template to the folder; or, where something generates it, let it be recovered as Argo CD has it (argocd.generatedApplications: live); or take its project out of argocd.projects, or waive the service for this run.',
    }),
  );
  return [...odd, ...orphans];
}

/** Throws one error with every blocker under `also`. */
export function refuseBlockers(findings: readonly PreflightFinding[]): void {
  const blockers = findings.filter(({ severity }) => severity === 'blocker');
  if (blockers.length === 0) return;
  // Several checks may stumble over the same stone.
  const stones = [...groupBy(blockers, ({ step, message, remedy }) => JSON.stringify([step, message, remedy])).values()];
  const also = stones.flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const evidence = [...new Set(alike.map((each) => each.evidence))].join('; ');
    const message = `${first.step}: ${first.message.replace(/\.$/, '')} (${evidence}).`;
    return [new EksDrError('preflight-blocked', { message, target: first.check, remedy: first.remedy })];
  });
  throw new EksDrError('preflight-blocked', {
    message: `Preflight found ${also.length} ${also.length === 1 ? 'blocker' : 'blockers'}.`,
    target: blockers.map(({ check }) => check).join(', '),
    also,
  });
}
