import { expect } from 'chai';
import { saidFindings } from './said-findings.ts';

const environment = { GITLAB_TOKEN: 'glpat-secret', AWS_ACCESS_KEY_ID: 'AKIAPUBLIC' };
const each = {
  step: 'merge-deploy',
  direction: 'forward',
  folder: '',
  phase: 'apply',
  system: 'gitlab',
  operation: '*',
  nth: 1,
  fault: 'expired',
  by: 'step',
  mutates: true,
} as const;
const reason = 'merge-deploy: GitLab would not merge it (401).\n  -> Renew GITLAB_TOKEN.\n';

function found(said: string): string[] {
  return saidFindings(said, { says: /-> .*renew/i }, { each, ending: 'permission', environment });
}

describe('what a step says when it fails', () => {
  it('is fine with what went wrong, where, and the way on', () => {
    expect(found(`2026 info  merge-deploy: AKIAPUBLIC at work\n${reason}`)).to.deep.equal([]);
  });

  it('is not fine without a reason, a place or the right way on', () => {
    expect(found('merge-deploy: it broke\n')).to.have.length(1);
    expect(found(reason.replace('GitLab', 'It')).join()).to.contain('where');
    expect(found(reason.replace('Renew', 'Look at')).join()).to.contain('way on');
  });

  it('is not fine with a stack trace, a page, "undefined" or a secret', () => {
    expect(found(`${reason}    at Object.run (file:///dist/steps/a.js:1:2)\n`)).to.deep.equal(['a stack trace was shown']);
    expect(found(`<html>\n${reason}`).join()).to.contain('page');
    expect(found(`undefined\n${reason}`).join()).to.contain('undefined');
    expect(found(`glpat-secret\n${reason}`)).to.deep.equal(['GITLAB_TOKEN was shown']);
    expect(found(`k8s-aws-v1.abc\n${reason}`)).to.deep.equal(['an EKS token was shown']);
  });
});
