import type { FaultEffect } from '../../sandbox/faults.ts';
import type { Category } from '../../steps/kit/errors.ts';
import { preflight } from '../../steps/preflight.ts';

/** How a phase may end. */
export type Ending = 'ok' | Category;

/** Something that happens on the way to one remote system, and the endings that are right for it. */
export interface Fault {
  readonly name: string;
  /** How the test of it is titled: `ends ... when ...`. */
  readonly title: string;
  /** Whether it passes, or goes on until somebody mends it. */
  readonly lasts: boolean;
  readonly effect: (format: Format) => FaultEffect;
  readonly endings: readonly Ending[];
  /** What all of stderr must say where the step does not end ok. */
  readonly says?: RegExp;
}

/** In what form a system answers. */
export type Format = 'json' | 'xml';

/** How long the steps wait for an answer, in real seconds, where there will be none. */
const SHORT_SECONDS = 3;
/** The same where one will come: a busy machine must not add faults of its own. */
const USUAL_SECONDS = 30;
const UNANSWERED = ['no answer', 'late', 'no answer for good'];

export function answerSeconds({ name }: Pick<Fault, 'name'>): number {
  return UNANSWERED.includes(name) ? SHORT_SECONDS : USUAL_SECONDS;
}

const HTML = '<!DOCTYPE html>\n<html><head><title>Proxy notice</title></head><body><h1>Please sign in to go on</h1></body></html>\n';
const html = (status: number): FaultEffect => ({ body: HTML, status, contentType: 'text/html; charset=utf-8' });

// As a document of that form begins; what follows got lost on the way.
const CUT_SHORT: Readonly<Record<Format, string>> = { json: '{"items":[{"metad', xml: '<?xml version="1.0"?>\n<Response><Resul' };
const NONSENSE: Readonly<Record<Format, string>> = { json: '{"twas":"brillig"}', xml: '<?xml version="1.0"?>\n<Twas>brillig</Twas>' };
const TYPE: Readonly<Record<Format, string>> = { json: 'application/json', xml: 'text/xml' };

/** Every fault, in the order of the table. `remote`: how many times as fast as the wall clock the remote systems run. */
export function faultList(remote: number): readonly Fault[] {
  const late = SHORT_SECONDS * 1.5 * remote;
  return [
    once('throttled', 'a system has too much to do for a moment', () => 'throttle', ['ok']),
    once('error 500', 'a system fails once', () => ({ status: 500 }), ['ok']),
    once('error 503', 'a system is away for a moment', () => ({ status: 503, ...unavailable }), ['ok']),
    once('cut before', 'the connection breaks before the system acted', () => 'cut-before', ['ok']),
    once('cut after', 'the connection breaks after the system acted', () => 'cut-after', ['ok']),
    once('no answer', 'the system acts, but never answers', () => 'hang-after', ['ok']),
    once('late', 'the system acts once nobody waits for it any more', () => ({ delaySeconds: late }), ['ok']),
    once('cut short', 'half an answer arrives', (format) => ({ body: CUT_SHORT[format], contentType: TYPE[format], handled: true }), [
      'ok',
      'unavailable',
    ]),
    once('proxy 502', 'a proxy answers with an error page', () => html(502), ['ok']),
    once('proxy 200', 'a proxy answers with a page of its own as if all were well', () => html(200), ['ok', 'unavailable']),
    lasting('throttled for good', 'a system has too much to do for long', () => 'throttle', ['unavailable']),
    lasting('error 500 for good', 'a system fails every time', () => ({ status: 500 }), ['unavailable']),
    lasting('cut for good', 'no connection lasts', () => 'cut-before', ['unavailable']),
    lasting('no answer for good', 'a system never answers', () => 'hang-before', ['unavailable']),
    lasting('nonsense for good', 'every answer is nonsense', (format) => ({ body: NONSENSE[format], contentType: TYPE[format] }), [
      'unavailable',
    ]),
    lasting('proxy 200 for good', 'a proxy answers everything with a page of its own', () => html(200), ['unavailable']),
    {
      ...lasting('expired', 'the credentials expire half way', () => 'expired-credentials', ['permission']),
      says: /-> .*(renew|credentials)/i,
    },
  ];
}

const unavailable = { code: 'ServiceUnavailable', message: 'The service is unavailable.' };

function once(name: string, title: string, effect: Fault['effect'], endings: readonly Ending[]): Fault {
  return { name, title, lasts: false, effect, endings };
}

function lasting(name: string, title: string, effect: Fault['effect'], endings: readonly Ending[]): Fault {
  return { name, title, lasts: true, effect, endings };
}

/**
 * How a phase may end with a fault. A wait takes a system that is away for something to wait on, up to its limit. Preflight takes it for a
 * blocker, or says as a warning that it could not look, where a recovery goes on without.
 */
export function rightEndings(each: Place, fault: Fault): readonly Ending[] {
  const { step, mutates, operation } = each;
  if (mayLeaveStray(each, fault)) return ['ok', 'conflict'];
  if (!fault.lasts) return fault.endings;
  if (operation.endsWith(WITH_ANOTHER_WAY)) return [...fault.endings, 'ok'];
  if (step === preflight.id) return ['unhealthy', 'ok'];
  // An empty object answers a deletion, so any object does; it is seen once the thing stays.
  if (operation.startsWith('DELETE ') && fault.name === 'nonsense for good') return [...fault.endings, 'timeout'];
  if (tellsOnly(each)) return [...fault.endings, 'ok', 'timeout'];
  return mutates || fault.endings.includes('permission') ? fault.endings : [...fault.endings, 'timeout'];
}

/**
 * Where a program asks again after a lost answer and the call takes no token that would tell AWS so, it meets its own object as somebody
 * else's, or makes a second one. Only a person can tell; the tags of the run say which it is.
 */
export function mayLeaveStray({ by, operation }: Place, { name }: Pick<Fault, 'name'>): boolean {
  return by === 'program' && name === 'cut after' && WITHOUT_TOKEN.includes(operation);
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference and /IAM/latest/APIReference: no ClientToken among their parameters.
const WITHOUT_TOKEN = ['ec2:CreateVpc', 'ec2:CreateSubnet', 'ec2:CreateSecurityGroup', 'iam:CreateRole'];

/**
 * What is asked only to tell people something: the step ends without, or tells less. Of a wait, it is asked only where it still waits, which is
 * at another moment in each run.
 */
export function tellsOnly({ step, system, operation }: Pick<Place, 'step' | 'system' | 'operation'>): boolean {
  return TELL_ONLY.includes(`${step} ${system} ${operation}`);
}

const TELL_ONLY = [
  'take-inventory route53 *',
  'take-inventory cloudfront *',
  'take-inventory apigateway *',
  'open-merge-request gitlab GET /api/v4/projects/{id}/repository/files/{path}',
  'deploy-karpenter kubernetes GET /apis/karpenter.sh/v1/nodeclaims',
  'deploy-karpenter kubernetes GET /api/v1/namespaces/{namespace}/pods',
  'merge-deploy gitlab GET /api/v4/projects/{id}/merge_requests/{iid}/approval_state',
  // Undone in a drill, it only warns of load balancers and custom domain names of the primary.
  'switch-route53 elb elasticloadbalancing:DescribeLoadBalancers',
  'switch-route53 elb elasticloadbalancing:DescribeTargetGroups',
  'switch-route53 elb elasticloadbalancing:DescribeTargetHealth',
  'switch-route53 apigateway apigatewayv2:GetDomainNames',
];

/** The archive of a folder: its files are asked for one by one then. */
const WITH_ANOTHER_WAY = '/repository/archive.tar.gz';

interface Place {
  readonly step: string;
  readonly system: string;
  readonly operation: string;
  readonly mutates: boolean;
  readonly by: 'step' | 'program';
}
