import { expect } from 'chai';
import { loadEstate, parseEstate } from '../../../pipeline/estate/load.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { exampleFile, exampleWith, lineOf } from './example.ts';

const stepIds = ['take-inventory', 'preflight', 'switch-route53'];

function refusal(text: string): string[] {
  try {
    parseEstate(text, 'eks-dr.yaml', stepIds);
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(EksDrError);
    expect((thrown as EksDrError).code).to.equal('estate-invalid');
    return (thrown as EksDrError).message.split('\n').slice(1);
  }
  throw new Error('the estate was accepted');
}

describe('the estate loader', () => {
  it('accepts the example estate and fills the defaults in', async () => {
    const { estate, text } = await loadEstate(exampleFile, stepIds);
    expect(estate.argocd.namespace).to.equal('argocd');
    expect(estate.terraform.backend.key).to.equal('eks-dr/${run}.tfstate');
    expect(text).to.contain('# The estate');
  });

  it('says which file cannot be read, and what to do', async () => {
    const error = await loadEstate('/nowhere/eks-dr.yaml', stepIds).catch((thrown: unknown) => thrown as EksDrError);
    expect(error).to.include({ code: 'input-unreadable', target: '/nowhere/eks-dr.yaml' });
  });

  it('names the line and column of an unknown key, and the key that was meant', () => {
    const text = exampleWith(['targetBranch: main', 'targetBranche: main']);
    expect(refusal(text)).to.deep.equal([
      `eks-dr.yaml:${lineOf(text, 'targetBranche')}:3 gitlab.targetBranche: unknown key (did you mean "targetBranch"?)`,
    ]);
  });

  it('lists the known keys where none is near', () => {
    const [line] = refusal(exampleWith(['  targetMinutes: 30', '  banana: 30']));
    expect(line).to.match(/rto\.banana: unknown key \(known here: targetMinutes\)$/);
  });

  it('sees a snake_case key as the camelCase one', () => {
    expect(refusal(exampleWith(['defaultTarget:', 'default_target:'])).join('\n')).to.contain('did you mean "defaultTarget"?');
  });

  describe('in the order of services', () => {
    const ordered = (lines: string) => exampleWith(['  settleSeconds: 30\n', `  settleSeconds: 30\n${lines}\n`]);

    it('takes waves of tiers and services, or what comes after what', () => {
      const { services } = parseEstate(ordered('  waves: [{ tiers: [critical] }, { services: [cart-api] }]'), 'eks-dr.yaml', stepIds);
      expect(services.waves).to.deep.equal([
        { tiers: ['critical'], services: [] },
        { tiers: [], services: ['cart-api'] },
      ]);
      const { after } = parseEstate(ordered('  after: { cart-api: [session-worker] }'), 'eks-dr.yaml', stepIds).services;
      expect(after).to.deep.equal({ 'cart-api': ['session-worker'] });
    });

    it('refuses tiers that are none, what has a wave already, empty waves, and both ways at once', () => {
      const text = ordered(
        [
          '  waves:',
          '    - { tiers: [criticl] }',
          '    - { services: [cart-api, cart-api] }',
          '    - { tiers: [batch] }',
          '    - { tiers: [batch] }',
          '    - {}',
          '  after: { order-api: [cart-api] }',
        ].join('\n'),
      );
      const first = lineOf(text, 'criticl');
      expect(refusal(text)).to.deep.equal([
        `eks-dr.yaml:${first}:17 services.waves[0].tiers[0]: there is no tier "criticl" (did you mean "critical"?)`,
        `eks-dr.yaml:${first + 1}:30 services.waves[1].services[1]: the service "cart-api" has a wave already`,
        `eks-dr.yaml:${first + 3}:17 services.waves[3].tiers[0]: the tier "batch" has a wave already`,
        `eks-dr.yaml:${first + 4}:7 services.waves[4]: must name tiers, services, or both`,
        `eks-dr.yaml:${first + 5}:3 services.after: says in another way what services.waves says; only one of them may stand here`,
      ]);
    });

    it('refuses services that wait for themselves, each circle once', () => {
      const text = ordered('  after:\n    web: [api]\n    api: [queue, db]\n    db: [api]\n    solo: [solo]');
      expect(refusal(text)).to.deep.equal([
        `eks-dr.yaml:${lineOf(text, '    api: [queue')}:5 services.after.api: waits for itself: api after db after api`,
        `eks-dr.yaml:${lineOf(text, '    solo:')}:5 services.after.solo: waits for itself: solo after solo`,
      ]);
    });
  });

  it('takes an object of S3 for the archived inventory, and tells what is none', () => {
    const withArchive = (lines: string) => exampleWith(['  lastGood: inventory/last-good.json\n', `${lines}\n`]);
    const place = '  lastGood: s3://shop-inventory/shop-prod.json';
    expect(parseEstate(withArchive(`${place}\n  lastGoodRegion: eu-west-3`), 'eks-dr.yaml', stepIds).inventory.lastGoodRegion).to.equal(
      'eu-west-3',
    );
    const mistakes = (lines: string) => refusal(withArchive(lines)).map((line) => line.replace(/^eks-dr.yaml:\d+:\d+ /, ''));
    for (const wrong of ['s3://shop-inventory', 's3://shop-inventory/folder/', 'https://example.com/a.json'])
      expect(mistakes(`  lastGood: ${wrong}`)).to.deep.equal(['inventory.lastGood: must be a path, or s3://bucket/key']);
    expect(mistakes('  lastGood: a.json\n  lastGoodRegion: eu-west-3')).to.deep.equal([
      'inventory.lastGoodRegion: inventory.lastGood names no bucket (s3://bucket/key), so it has no region',
    ]);
  });

  it('reports all mistakes of a file at once, in the order of the file', () => {
    const text = exampleWith(
      ["accountId: '111122223333'", 'accountId: 111122223333'],
      ['mode: ask', 'mode: aks'],
      ['name: shop\n', 'name: Shop\n'],
      ['require: 95%', 'require: 950%'],
    );
    const lines = refusal(text);
    expect(lines.map((line) => line.replace(/^eks-dr.yaml:\d+:\d+ /, ''))).to.deep.equal([
      'name: must be 3 to 20 of a-z, 0-9 and -, starting with a letter',
      'primary.accountId: must be text, not the number 111122223333 (put it in quotes: "111122223333")',
      'services.tiers[1].require: must be all, or a share such as 95%',
      'approvals.default.mode: must be one of ask, auto-if-create-only, auto (did you mean "ask"?)',
    ]);
  });

  it('shows the parent of a missing key', () => {
    const text = exampleWith(['  project: platform/argocd-apps\n', '']);
    expect(refusal(text)).to.deep.equal([`eks-dr.yaml:${lineOf(text, 'gitlab:')}:1 gitlab.project: is missing`]);
  });

  it('finds names that stand for nothing', () => {
    const lines = refusal(
      exampleWith(
        ['defaultTarget: frankfurt', 'defaultTarget: frankfrut'],
        ['services: all', 'services: { tiers: [critcal, batch] }'],
        ['    switch-route53:', '    switch-rout53:'],
      ),
    );
    expect(lines.map((line) => line.replace(/^eks-dr.yaml:\d+:\d+ /, ''))).to.deep.equal([
      'defaultTarget: there is no target "frankfrut" (did you mean "frankfurt"?)',
      'drill.services.tiers[0]: there is no tier "critcal" (did you mean "critical"?)',
      'approvals.steps.switch-rout53: there is no step "switch-rout53" (did you mean "switch-route53"?)',
    ]);
  });

  it('refuses a production zone as a drill zone', () => {
    const lines = refusal(exampleWith(['id: Z0SHOPDRILL', 'id: Z0SHOPPRODUCTION']));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('drill.zones[0].id: the zone Z0SHOPPRODUCTION is a production zone');
  });

  it('wants one Terraform state for each recovery', () => {
    const [line] = refusal(exampleWith(['key: eks-dr/${run}.tfstate', 'key: eks-dr.tfstate']));
    expect(line).to.contain('terraform.backend.key: must hold ${run}');
    // The lock table of production's state is no state of its own.
    const [other] = refusal(exampleWith(['key: eks-dr/${run}.tfstate', 'key: eks-dr.tfstate\n    dynamodb_table: locks-${run}']));
    expect(other).to.contain('terraform.backend.key: must hold ${run}');
  });

  it('refuses placeholders that nothing replaces', () => {
    const lines = refusal(
      exampleWith(
        ['eks-dr/${run}.tfstate', 'eks-dr/${run}/${targt}.tfstate'],
        ['templates: clusters/shop-prod', 'templates: clusters/${cluster}'],
      ),
    );
    expect(lines.map((line) => line.replace(/^eks-dr.yaml:\d+:\d+ /, ''))).to.deep.equal([
      'terraform.backend.key: unknown placeholder ${targt} (did you mean "target"?)',
      'gitlab.templates: unknown placeholder ${cluster} (no placeholder is replaced here)',
    ]);
  });

  it('leaves placeholders to Terraform that are its own', () => {
    parseEstate(exampleWith(['node_instance_type: m7i.2xlarge', 'name_template: "${each.key}"']), 'eks-dr.yaml', stepIds);
  });

  it('reports every mistake of syntax with its place', () => {
    const lines = refusal('name: [shop\nprimary: }\n');
    expect(lines.length).to.be.greaterThan(0);
    for (const line of lines) expect(line).to.match(/^eks-dr\.yaml:\d+:\d+: /);
  });

  it('names a key that stands twice', () => {
    const text = `${exampleWith()}\nname: again\n`;
    const lines = refusal(text);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(new RegExp(`^eks-dr\\.yaml:${lineOf(text, 'name: again')}:1: Map keys must be unique`));
  });

  it('says what is missing of an empty file', () => {
    expect(refusal('')).to.deep.equal(['eks-dr.yaml:1:1: must be a mapping (key: value lines), not empty']);
  });

  it('follows anchors and merge keys', () => {
    const text = exampleWith(
      ['    variables:\n      node_count: 3\n    # What', '    variables: &sizes\n      node_count: 3\n    # What'],
      ['    variables:\n      node_count: 3\ndefaultTarget', '    variables:\n      <<: *sizes\n      extra: 1\ndefaultTarget'],
    );
    expect(parseEstate(text, 'eks-dr.yaml', stepIds).targets.beside?.variables).to.deep.equal({ node_count: 3, extra: 1 });
  });

  it('reads JSON as well', () => {
    const estate = parseEstate(exampleWith(), 'eks-dr.yaml', stepIds);
    expect(parseEstate(JSON.stringify(estate), 'eks-dr.json', stepIds)).to.deep.equal(estate);
  });
});

describe('secrets in an estate', () => {
  const letters = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
  const cases: readonly (readonly [string, string])[] = [
    ['an AWS access key id', 'AKIA' + 'ABCDEFGHIJKLMNOP'],
    ['a GitLab token', 'glpat-' + letters.slice(0, 20)],
    ['a GitHub token', 'ghp_' + letters],
    ['a Vault token', 'hvs.' + letters],
    ['a Vault token', 's.' + letters.slice(0, 24)],
    ['a Slack token', 'xoxb-' + letters],
    ['a private key', '-----BEGIN RSA PRIVATE ' + 'KEY-----'],
    ['a JSON Web Token', `eyJ${letters}.eyJ${letters}.${letters}`],
    ['a New Relic licence key', `${letters}NRAL`],
    ['a password in an address', 'https://bot:hunter2@gitlab.example.com/x.git'],
  ];

  for (const [name, secret] of cases) {
    it(`refuses ${name} in a value and in a comment, and does not repeat it (${secret.slice(0, 4)})`, () => {
      for (const text of [exampleWith(['m7i.2xlarge', `'${secret}'`]), exampleWith(['# Who is asked.', `# ${secret}`])]) {
        const lines = refusal(text);
        expect(lines).to.have.length(1);
        expect(lines[0]).to.match(new RegExp(`^eks-dr\\.yaml:${lineOf(text, secret)}:\\d+: this looks like ${name};`));
        expect(lines.join()).not.to.contain(secret);
      }
    });
  }

  it('refuses random text in a field that is named like a secret', () => {
    const lines = refusal(exampleWith(['node_instance_type: m7i.2xlarge', 'api_token: Zk3v9QpX7rT2mW8nB4yL']));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.contain('terraform.variables.api_token: this looks like a secret');
    expect(lines[0]).not.to.contain('Zk3v9');
  });

  it('refuses any password in plain text', () => {
    expect(refusal(exampleWith(['node_instance_type: m7i.2xlarge', 'db_password: summer']))[0]).to.contain(
      'db_password: this looks like a secret',
    );
  });

  it('refuses a secret where a reference is wanted', () => {
    expect(refusal(exampleWith(['env:NEW_RELIC_LICENSE_KEY', 'abc']))[0]).to.contain(
      'must be a reference, env:NAME, file:PATH or vault:PATH#FIELD',
    );
  });

  it('leaves names, ARNs and paths alone', () => {
    const harmless = 'secret_arn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-a1B2c3';
    parseEstate(exampleWith(['node_instance_type: m7i.2xlarge', harmless]), 'eks-dr.yaml', stepIds);
  });
});
