import { type Contract, isAsked, type Referee } from './contract.ts';

type Cell = 'holds' | 'deviates' | 'unasked';

const MARK: Readonly<Record<Cell, string>> = { holds: '✓', deviates: '✗', unasked: '' };

/**
 * docs/sandbox-fidelity.md: every assertion, and who is held to it. It needs no run: `npm run test:contract` fails where the sandbox or a
 * referee does otherwise than it says here.
 */
export function fidelityPage(contracts: readonly Contract[]): string {
  const total = contracts.reduce((sum, { assertions }) => sum + assertions.length, 0);
  const lines = [
    '<!-- Generated from test/contract/ by `npm run generate`; do not edit. -->',
    '# How true the sandbox is',
    '',
    `${total} assertions in ${contracts.length} contracts. \`npm run test:contract\` holds the sandbox to all of them, and every referee (a server that somebody`,
    'else wrote, [built and started](../CONTRIBUTING.md) by `npm run servers -- up`) to those about what it serves.',
    '',
    `${MARK.holds} it behaves so; ${MARK.deviates} it is known to be wrong in the way and by the source named below the table, and the test fails as soon as it isn't any more.`,
    'Where no referee serves a system, or all of them are wrong, the source is the vendor’s documentation. Nothing is said of a referee that does not serve what an assertion is about.',
    '',
    '| system | assertions | confirmed by a referee | referees |',
    '| --- | ---: | ---: | --- |',
    ...contracts.map(summary),
    '',
    ...contracts.flatMap(section),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function summary(contract: Contract): string {
  const { system, assertions } = contract;
  const referees = refereesOf(contract);
  const counts = referees.map((referee) => `${referee} ${assertions.filter((each) => cell(each, referee) === 'holds').length}`);
  const confirmed = assertions.filter((each) => referees.some((referee) => cell(each, referee) === 'holds')).length;
  return `| [${system}](#${anchor(system)}) | ${assertions.length} | ${confirmed} | ${counts.join(', ') || 'none: documentation'} |`;
}

function section(contract: Contract): string[] {
  const referees = refereesOf(contract);
  const columns = ['assertion', 'about', 'sandbox', ...referees, 'source'];
  return [
    `## ${contract.system}`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map((name) => (name === 'sandbox' || referees.some((referee) => referee === name) ? ':-:' : '---')).join(' | ')} |`,
    ...contract.assertions.map((assertion) => {
      const cells = referees.map((referee) => MARK[cell(assertion, referee)]);
      const source = assertion.source === undefined ? '' : `[documented](${assertion.source})`;
      return `| ${[assertion.title, assertion.concern, MARK.holds, ...cells, source].join(' | ')} |`;
    }),
    '',
    ...mistakes(contract, referees),
  ];
}

function mistakes({ assertions }: Contract, referees: readonly Referee[]): string[] {
  const rows = referees.flatMap((referee) =>
    assertions.flatMap(({ title, deviations = {} }) => {
      const deviation = deviations[referee];
      return deviation === undefined ? [] : [`- ${referee}, “${title}”: ${deviation.instead} ([source](${deviation.source}))`];
    }),
  );
  return rows.length === 0 ? [] : ['Known mistakes and gaps of the referees:', '', ...rows, ''];
}

function refereesOf({ subjects }: Contract): Referee[] {
  return subjects.filter((name): name is Referee => name !== 'sandbox');
}

function cell(assertion: Contract['assertions'][number], referee: Referee): Cell {
  const { deviations = {} } = assertion;
  if (!isAsked(assertion, referee)) return 'unasked';
  return deviations[referee] === undefined ? 'holds' : 'deviates';
}

/** As GitHub and GitLab make it of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
