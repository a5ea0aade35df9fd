import { config } from 'chai';
import pLimit from 'p-limit';
import { runningServers } from '../real/servers/running.ts';
import { type Contract, type Deviation, isAsked, type Referee, type SubjectName } from './contract.ts';

const WHY_NOT: Partial<Record<SubjectName, string>> = {
  terraform: 'it takes a Terraform 1.11 on PATH, and ministack for its state: npm run servers -- up ministack.',
};

type Opened = NonNullable<Awaited<ReturnType<Contract['open']>>>;

/** Holds the sandbox and each referee that runs against the contract: a test an assertion. What doesn't run is skipped and named. */
export function describeContract(contract: Contract): void {
  // A known mistake is told by what the server said: all of it.
  config.truncateThreshold = 0;
  for (const name of contract.subjects) describeSubject(contract, name);
}

function describeSubject(contract: Contract, name: SubjectName): void {
  describe(`contract of ${contract.system}, ${name}`, function () {
    // A test may wait for others that are under way; what waits for a server has a limit of its own.
    this.timeout(180_000);
    let opened: Opened | null = null;
    let checks: Map<string, Promise<void>> | null = null;
    before(async function () {
      const running = (await runningServers()) ?? { missing: {} };
      opened = await contract.open(name, running);
      if (opened !== null) return;
      process.stderr.write(
        `skipped: ${contract.system} on ${name}: ${running.missing[name] ?? WHY_NOT[name] ?? 'not started: npm run servers -- up.'}\n`,
      );
      this.skip();
    });
    after(() => opened?.close());

    for (const assertion of contract.assertions.filter((each) => isAsked(each, name))) {
      const { title, deviations = {} } = assertion;
      const deviation = name === 'sandbox' ? undefined : deviations[name];
      const check = async (): Promise<void> => {
        if (opened === null) return;
        checks ??= startAll(contract, name, opened);
        await checks.get(title);
      };
      if (deviation === undefined) it(title, check);
      else it(`is known to be wrong: ${deviation.instead} (${title})`, () => expectDeviation(name, deviation, check));
    }
  });
}

/** A known mistake that is no longer made, or made in another way, is news. */
export async function expectDeviation(referee: SubjectName | Referee, { seen }: Deviation, check: () => Promise<void>): Promise<void> {
  const failure = await check().then(
    () => null,
    (thrown: unknown) => (thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)),
  );
  if (failure === null) throw new Error(`${referee} is right by now: remove its deviation.`);
  if (!seen.test(failure)) throw new Error(`${referee} is wrong in another way than known: ${failure}`);
}

/** All of them are begun with the first, as many at once as the contract bears; each test then tells what came of its own. */
function startAll({ assertions, atOnce }: Contract, name: SubjectName, opened: Opened): Map<string, Promise<void>> {
  const limit = pLimit(atOnce);
  return new Map(
    assertions
      .filter((each) => isAsked(each, name))
      .map(({ title }) => {
        const checked = limit(() => opened.check(title));
        // Whose turn is later may have failed by then.
        checked.catch(() => undefined);
        return [title, checked];
      }),
  );
}
