import { formatJson } from './kit/atomic-file.ts';
import { parseAs } from './kit/parse.ts';
import { plan } from './kit/plan.ts';
import { record, type StepRecord } from './kit/record.ts';
import { buildReport } from './report/build.ts';
import { REPORT_FILES, reportDocument } from './report/document.ts';
import { reportText } from './report/text.ts';
import { defineStep } from './step.ts';
import { switchApiGateway } from './switch-api-gateway.ts';
import { switchCloudfront } from './switch-cloudfront.ts';
import { switchRoute53 } from './switch-route53.ts';

export const report = defineStep({
  id: 'report',
  title: 'Write the report',
  needs: {},
  after: [switchApiGateway, switchCloudfront, switchRoute53],
  reads: ['rto'],
  outputs: reportDocument,
  drivers: [],
  waits: [],
  checks: [],

  finish({ estate, run, folder }) {
    const records = Object.fromEntries(
      Object.entries(folder.records).map(([step, entry]): [string, StepRecord] => [step, parseAs(record, entry, `${step}.record.json`)]),
    );
    const plans = folder.plans.map((entry, index) => parseAs(plan, entry, `plan ${index + 1}`));
    // The approvals stand in the records of the steps that were applied: all of them, or this step would not run.
    return buildReport({ run, records, plans, approvals: {}, targetSeconds: estate.rto.targetMinutes * 60 });
  },

  files: (document) => ({ [REPORT_FILES.document]: formatJson(document), [REPORT_FILES.text]: reportText(document) }),
});
