import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { type Program, unwrapped } from './subject.ts';

const ESCAPE = '\u001b';

/** What comes before there is a plan: the command line, init and its backend. */
export const init: readonly Assertion<Program>[] = [
  {
    title: 'tells its version and platform as JSON',
    concern: 'reads',
    async holds(program) {
      const said = JSON.parse(await (await program.workspace()).ok(['version', '-json']));
      expect(said.terraform_version).to.match(/^1\.11\.\d+$/);
      expect(said.platform).to.match(/^(linux|darwin)_(amd64|arm64)$/);
      expect(said).to.deep.include({ provider_selections: {}, terraform_outdated: false });
    },
  },
  {
    title: 'ends with 1 for a command that it does not have, and with 127 for none',
    concern: 'validation',
    async holds(program) {
      const workspace = await program.workspace();
      const unknown = await workspace.run(['frobnicate']);
      expect(unknown).to.include({ code: 1, stdout: '' });
      expect(unknown.stderr).to.contain('Terraform has no command named "frobnicate".');
      expect((await workspace.run([])).code).to.equal(127);
    },
  },
  {
    title: 'ends with 1 for a flag that it does not have, and names it on stderr',
    concern: 'validation',
    async holds(program) {
      const said = await (await program.workspace()).run(['plan', '-no-color', '-frobnicate']);
      expect(said).to.include({ code: 1, stdout: '' });
      expect(said.stderr).to.contain('Error: Failed to parse command-line flags').and.contain('flag provided but not defined: -frobnicate');
    },
  },
  {
    title: 'asks for init before it does anything with a backend: on stderr, in lines of at most 78 characters, without a frame',
    concern: 'validation',
    async holds(program) {
      const said = await (await program.workspace()).run(['plan', '-input=false', '-no-color']);
      expect(said).to.include({ code: 1, stdout: '' });
      expect(said.stderr).to.match(/^\nError: Backend initialization required, please run "terraform init"\n\n/);
      expect(said.stderr).not.to.match(/[│╷╵]/u).and.not.contain(ESCAPE);
      expect(Math.max(...said.stderr.split('\n').map((line) => line.length))).to.be.at.most(78);
    },
  },
  {
    title: 'frames and colours its errors where it is not told otherwise',
    concern: 'reads',
    async holds(program) {
      const { stderr } = await (await program.workspace()).run(['output', '-json']);
      const red = (text: string): string => `${ESCAPE}[31m${text}${ESCAPE}[0m`;
      const frame = `${red('╷')}${ESCAPE}[0m\n${red('│')} ${ESCAPE}[0m${ESCAPE}[1m${red('Error: ')}`;
      expect(stderr.slice(0, frame.length)).to.equal(frame);
    },
  },
  {
    title: 'names the bucket that does not exist, and takes the right one afterwards',
    concern: 'not found',
    async holds(program) {
      const { run, ok, backend, bucket } = await program.workspace();
      const wrong = await run(['init', '-input=false', '-no-color', ...backend.map((each) => each.replace(bucket, 'no-such-bucket'))]);
      expect(wrong.code).to.equal(1);
      expect(wrong.stderr).to.contain('S3 bucket "no-such-bucket" does not exist.');
      await ok(['init', '-input=false', '-no-color', ...backend]);
    },
  },
  {
    title: 'names what the backend lacks, and what it does not have',
    concern: 'validation',
    async holds(program) {
      const { run, backend } = await program.workspace();
      const few = await run(['init', '-input=false', '-no-color', ...backend.filter((each) => !each.includes('=bucket='))]);
      expect(few.code).to.equal(1);
      expect(few.stderr).to.contain('Missing Required Value').and.contain('The attribute "bucket" is required by the backend.');
      const more = await run(['init', '-input=false', '-no-color', ...backend, '-backend-config=colour=red']);
      expect(more.code).to.equal(1);
      expect(unwrapped(more.stderr)).to.contain('The backend configuration argument "colour" given on the command line is not expected');
    },
  },
  {
    title: 'changes to another state only when it is told to: with -reconfigure',
    concern: 'conflicts',
    async holds(program) {
      const { run, ok, backend } = await program.initialised();
      const other = backend.map((each) => each.replace('r1.tfstate', 'r2.tfstate'));
      const refused = await run(['init', '-input=false', '-no-color', ...other]);
      expect(refused.code).to.equal(1);
      expect(refused.stderr).to.contain('Error: Backend configuration changed');
      await ok(['init', '-input=false', '-no-color', '-reconfigure', ...other]);
    },
  },
];
