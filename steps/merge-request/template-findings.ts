import type { Clients } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { asEksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';
import type { Finding } from '../kit/step.ts';
import { placesByWord } from '../literals/scan-literals.ts';
import { chooseServices } from '../rendering/choose-services.ts';
import { type RecoveredTemplates, recoverTemplates } from './recover-templates.ts';

type NamedFinding = Finding & { readonly check: string };

interface Surroundings {
  readonly estate: Pick<Estate, 'name' | 'primary' | 'argocd' | 'gitlab' | 'drill' | 'targets' | 'services'>;
  readonly run: Run;
  readonly clients: Pick<Clients, 'argocd' | 'gitlab'>;
  readonly inventory: Inventory;
}

const SHOWN = 5;

/** What the templates would come to tonight: those that can't be rendered, and what in the others would still name the primary. */
export async function templateFindings({ estate, run, clients, inventory }: Surroundings): Promise<NamedFinding[]> {
  const evidence = `${inventory.templates.project} ${inventory.templates.folder} at ${inventory.templates.commit.slice(0, 8)}`;
  try {
    const services = chooseServices(inventory.services, { ...run, services: 'all' }, estate.drill);
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    return findingsOf(await recoverTemplates({ argocd, gitlab }, { estate, run, inventory, services }), evidence);
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.code !== 'input-invalid') throw thrown;
    return [{ check: 'templates-render', severity: 'blocker', message: error.message, evidence, remedy: error.remedy }];
  }
}

function findingsOf({ rendering, literals, images, inValues, unread }: RecoveredTemplates, evidence: string): NamedFinding[] {
  const open = literals.filter(({ reason }) => reason === null);
  const words = placesByWord(open);
  const ambiguous = rendering.services.filter((service) => service.ambiguous.length > 0);
  return [
    ...some(open, {
      check: 'templates-name-the-primary',
      severity: 'warning',
      message: `The recovered templates would still name the primary: ${listed(words.map(([word, places]) => `${word} (${places.length} ${places.length === 1 ? 'place' : 'places'})`))}.`,
      evidence: listed(open.map(({ file, line }) => `${file}:${line}`)),
      remedy: 'Say what stands for each word (targets.*.translations), or that it may stay (gitlab.allowedLiterals).',
    }),
    ...some(images, {
      check: 'images-name-the-primary',
      severity: 'warning',
      message: `Charts or manifests in Git name images of the primary’s registry: ${listed(images.map(({ image }) => image))}.`,
      evidence: listed(images.flatMap(({ services }) => services)),
      remedy: 'Name the image in the values of the application, so that its registry can be translated, or a registry of every region.',
    }),
    ...some(inValues, {
      check: 'images-in-values',
      severity: 'warning',
      message: `Helm values in Git name other versions of images than ran, and a recovery does not change them: ${listed(inValues.map(({ name, repository, from, to }) => `${name} (${repository}: ${from}, ran ${to})`))}.`,
      evidence,
      remedy: 'Put the version that ran into the values in Git, or name the image in the template of the application.',
    }),
    ...some(unread, {
      check: 'values-in-git',
      severity: 'note',
      message: `Files of Helm values could not be looked at: ${listed(unread.map(({ where, reason }) => `${where} (${reason})`))}.`,
      evidence,
      remedy: 'Let the token read the project, or look through them for the primary by hand.',
    }),
    ...some(ambiguous, {
      check: 'images-in-several-versions',
      severity: 'note',
      message: `Several versions of an image ran, none of them the template’s: ${listed(ambiguous.map(({ name }) => name))}.`,
      evidence,
      remedy: 'In the middle of a rollout it is nothing; else set the version in Git.',
    }),
  ];
}

function some(found: readonly unknown[], finding: NamedFinding): NamedFinding[] {
  return found.length === 0 ? [] : [finding];
}

function listed(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more}`;
}
