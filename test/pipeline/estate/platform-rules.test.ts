import { expect } from 'chai';
import { listAddons } from '../../../pipeline/addons/list.ts';
import { parseEstate } from '../../../pipeline/estate/load.ts';
import { charts } from '../../../steps/addons/charts.ts';
import { addons } from '../../../steps/estate/addons.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { estateWith } from '../../steps/context.ts';
import { exampleWith, lineOf } from './example.ts';

/** The mistakes that the loader reports, each a line; none: the estate is accepted. */
function mistakesOf(text: string): string[] {
  try {
    parseEstate(text, 'eks-dr.yaml', ['switch-route53']);
    return [];
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(EksDrError);
    return (thrown as EksDrError).message.split('\n').slice(1);
  }
}

const withoutPlace = (lines: readonly string[]) => lines.map((line) => line.replace(/^eks-dr.yaml:\d+:\d+ /, ''));

/** The example estate with these further add-ons before its metrics-server: names, and what they come after. */
function withOthers(...others: readonly (readonly [name: string, ...after: string[]])[]): string {
  const items = others.map(
    ([name, ...after]) =>
      `    - { name: ${name}, namespace: tools, repository: https://charts.example.com, chart: ${name}, version: 1.0.0, after: [${after}] }\n`,
  );
  return exampleWith(['  others:\n', `  others:\n${items.join('')}`]);
}

/** The example estate without one of its parts, up to the next line that is not deeper. */
function without(part: RegExp): string {
  const text = exampleWith();
  const cut = text.replace(part, '');
  expect(cut, `the example estate does not hold ${part}`).not.to.equal(text);
  return cut;
}

describe('the rules of further add-ons', () => {
  it('accept a list in any order, with several that come after the same one', () => {
    expect(
      mistakesOf(withOthers(['issuers', 'cert-manager'], ['cert-manager', 'metrics-server'], ['nri-bundle', 'metrics-server'])),
    ).to.deep.equal([]);
  });

  it('refuse a name that stands twice, where it stands again', () => {
    const text = withOthers(['cert-manager'], ['nri-bundle'], ['cert-manager']);
    const second = text.split('\n').findLastIndex((line) => line.includes('name: cert-manager')) + 1;
    const lines = mistakesOf(text);
    expect(withoutPlace(lines)).to.deep.equal(['addons.others[2].name: the add-on "cert-manager" stands here twice']);
    expect(lines[0]).to.match(new RegExp(`^eks-dr\\.yaml:${second}:`));
  });

  for (const name of Object.keys(charts)) {
    it(`refuse ${name}, which EKS-DR brings itself, and name the part of the estate that brings it`, async () => {
      const [line = '', ...others] = withoutPlace(mistakesOf(withOthers([name])));
      expect(others).to.deep.equal([]);
      expect(line).to.contain(`addons.others[0].name: "${name}" is the name of an add-on that EKS-DR brings itself`);
      const [, section = ''] = /describe it as addons\.(\w+), or give this one another name\)$/.exec(line) ?? [];
      const place = { region: 'eu-central-1', vaultAddress: 'https://vault.example.com' };
      const brought = await listAddons(estateWith({ addons: addons.parse({ [section]: {} }) }), place);
      expect(brought.map(({ addon }) => addon.name)).to.include(name);
    });
  }

  it('refuse to come after what is not in the list, with the name that was meant', () => {
    const text = withOthers(['cert-manager'], ['issuers', 'metrics-server', 'cert-manger'], ['nri-bundle', 'grafana']);
    expect(mistakesOf(text)[0]).to.match(new RegExp(`^eks-dr\\.yaml:${lineOf(text, 'cert-manger')}:`));
    expect(withoutPlace(mistakesOf(text))).to.deep.equal([
      'addons.others[1].after[1]: there is no add-on here called "cert-manger" (did you mean "cert-manager"?)',
      'addons.others[2].after[0]: there is no add-on here called "grafana" (known: cert-manager, issuers, nri-bundle, metrics-server)',
    ]);
  });

  it('refuse a circle once, say who is in it, and leave out who only hangs on it', () => {
    const text = withOthers(['hanger-on', 'third'], ['first', 'second'], ['second', 'metrics-server', 'third'], ['third', 'first']);
    const lines = mistakesOf(text);
    expect(withoutPlace(lines)).to.deep.equal(['addons.others[1].after: these come after each other: first -> second -> third -> first']);
    expect(lines[0]).to.match(new RegExp(`^eks-dr\\.yaml:${lineOf(text, 'name: first')}:`));
  });

  it('refuse every circle, and one that comes after itself', () => {
    expect(withoutPlace(mistakesOf(withOthers(['one', 'two'], ['two', 'one'], ['self', 'self'])))).to.deep.equal([
      'addons.others[0].after: these come after each other: one -> two -> one',
      'addons.others[2].after: "self" comes after itself',
    ]);
  });

  it('tell all of it at once', () => {
    const lines = mistakesOf(withOthers(['karpenter'], ['one', 'two', 'tow'], ['two', 'one'], ['two']));
    expect(withoutPlace(lines).map((line) => line.split(':')[0])).to.have.members([
      'addons.others[0].name',
      'addons.others[1].after',
      'addons.others[1].after[1]',
      'addons.others[3].name',
    ]);
  });
});

describe('the rules of Vault', () => {
  it('want the account by which Vault asks the new cluster', () => {
    const text = without(/ {2}vaultReviewer:\n( {4}.*\n)+/);
    expect(mistakesOf(text)).to.deep.equal([
      `eks-dr.yaml:${lineOf(text, 'vault:')}:1 vault: needs namespaces.vaultReviewer (vaultReviewer: {} takes its defaults)`,
    ]);
    expect(
      mistakesOf(exampleWith([/ {2}vaultReviewer:\n( {4}.*\n)+/.exec(exampleWith())?.[0] ?? '', '  vaultReviewer: {}\n'])),
    ).to.deep.equal([]);
  });

  it('want the part vault where its injector is to be installed', () => {
    const text = without(/^vault:\n( {2}.*\n)+/m);
    expect(mistakesOf(text)).to.deep.equal([
      `eks-dr.yaml:${lineOf(text, 'vaultInjector:')}:3 addons.vaultInjector: needs the part vault: where Vault is, and by which path its services log in`,
    ]);
  });

  it('want nothing where the estate has neither', () => {
    const text = without(/^vault:\n( {2}.*\n)+/m)
      .replace(/ {2}vaultInjector:\n( {4}.*\n)+/, '')
      .replace(/ {2}vaultReviewer:\n( {4}.*\n)+/, '');
    expect(text).not.to.contain('vaultInjector').and.not.to.contain('vaultReviewer');
    expect(mistakesOf(text)).to.deep.equal([]);
  });
});

describe('the rules of translations', () => {
  const withTranslations = (lines: string) => exampleWith(['    translations:\n', `    translations:\n${lines}`]);

  it('refuse one whose result another one would translate again', () => {
    const text = withTranslations('      shop-a: shop-b\n      shop-b: shop-c\n');
    expect(withoutPlace(mistakesOf(text))).to.deep.equal([
      'targets.frankfurt.translations.shop-a: gives shop-b, which would be translated again, into shop-c (translate shop-b to itself, or write longer words)',
    ]);
  });

  it('accept one that names itself, so that its word stays', () => {
    expect(mistakesOf(withTranslations('      shop-archive-eu-west-1: shop-archive-eu-west-1\n'))).to.deep.equal([]);
  });
});
