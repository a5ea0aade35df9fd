import { expect } from 'chai';
import { parseCommand } from '../../../steps/kit/command.ts';
import { failure } from '../../failure.ts';

describe('the command line of a step', () => {
  it('takes a phase, an input and options', () => {
    expect(parseCommand('x', ['apply', '--in', 'run', '--undo', '--log', 'json', '--out', '-'])).to.deep.equal({
      phase: 'apply',
      direction: 'undo',
      in: 'run',
      out: '-',
      logFormat: 'json',
      verbose: false,
    });
  });

  it('names every mistake at once and shows the usage', async () => {
    const error = await failure('bad-usage', () => parseCommand('x', ['aply', 'more', '--log', 'xml']));
    expect(error.message).to.include('"aply"').and.include('"more"').and.include('--in').and.include('"xml"');
    expect(error.remedy).to.include('Usage: x');
  });

  it('refuses an unknown flag', async () => {
    const error = await failure('bad-usage', () => parseCommand('x', ['plan', '--in', '.', '--froce']));
    expect(error.message).to.include('--froce');
  });
});
