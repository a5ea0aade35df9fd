import { setTimeout as sleep } from 'node:timers/promises';
import { awsFault } from '../aws/fault.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import { type ChangeAction, changedRecords, type RecordChange } from './apply-changes.ts';
import { shapeProblem } from './check-record.ts';
import { parseRecord } from './parse-record.ts';
import type { HostedZone, ZoneChange } from './state.ts';
import { allowElements, child, childList, childText, nodes, parseXml, type XmlNode, xmlResponse } from './xml.ts';
import { nextRoute53Id } from './zones.ts';

/** "Number of ResourceRecord elements" and "characters in Value elements" of one request; UPSERT counts twice. */
const maximumRecords = 1000;
const maximumCharacters = 32_000;

/** Milliseconds of sandbox time that a batch is worked on; the zone takes no other meanwhile. */
const processingTime = 600;

/** Milliseconds of sandbox time until every name server answers with a change. */
export const propagationTime = 40_000;

function parseChange(node: XmlNode): RecordChange {
  allowElements(node, ['Action', 'ResourceRecordSet']);
  const action = childText(node, 'Action') ?? '';
  const record = child(node, 'ResourceRecordSet');
  if (action !== 'CREATE' && action !== 'DELETE' && action !== 'UPSERT') {
    throw awsFault(
      400,
      'InvalidInput',
      `Invalid XML ; Value '${action}' is not facet-valid with respect to enumeration '[CREATE, DELETE, UPSERT]'.`,
    );
  }
  if (!record) throw awsFault(400, 'InvalidInput', "Invalid XML ; missing element 'ResourceRecordSet'.");
  return { action: action as ChangeAction, record: parseRecord(record) };
}

function parseBatch(body: Buffer): { readonly comment: string; readonly changes: readonly RecordChange[] } {
  const root = parseXml(body, 'ChangeResourceRecordSetsRequest');
  allowElements(root, ['ChangeBatch']);
  const batch = child(root, 'ChangeBatch');
  if (!batch) throw awsFault(400, 'InvalidInput', "Invalid XML ; missing element 'ChangeBatch'.");
  allowElements(batch, ['Comment', 'Changes']);
  const changes = nodes(childList(batch, 'Changes', 'Change') ?? []).map(parseChange);
  if (changes.length === 0) throw awsFault(400, 'InvalidInput', 'Invalid XML ; a change batch needs at least one Change.');
  const comment = childText(batch, 'Comment') ?? '';
  if (comment.length > 256) throw awsFault(400, 'InvalidInput', 'The comment is longer than 256 characters.');
  return { comment, changes };
}

function checkSize(changes: readonly RecordChange[]): void {
  let records = 0;
  let characters = 0;
  for (const { action, record } of changes) {
    const weight = action === 'UPSERT' ? 2 : 1;
    const values = record.ResourceRecords ?? [];
    records += weight * values.length;
    characters += weight * values.reduce((sum, value) => sum + value.length, 0);
  }
  if (records > maximumRecords) throw awsFault(400, 'InvalidChangeBatch', `[Number of records limit of ${maximumRecords} exceeded.]`);
  if (characters > maximumCharacters)
    throw awsFault(400, 'InvalidChangeBatch', `[Number of characters limit of ${maximumCharacters} exceeded.]`);
}

function requireShapes(changes: readonly RecordChange[]): void {
  for (const { action, record } of changes) {
    const problem = shapeProblem(action, record);
    if (problem !== null) throw awsFault(400, 'InvalidInput', problem);
  }
}

/** A change as ChangeInfo. */
export function changeInfo(change: ZoneChange, now: number): Record<string, string | undefined> {
  return {
    Id: `/change/${change.id}`,
    Status: change.insyncAt <= now ? 'INSYNC' : 'PENDING',
    SubmittedAt: new Date(change.submittedAt).toISOString(),
    Comment: change.comment === '' ? undefined : change.comment,
  };
}

/** Notes that a zone has changed, for GetChange. */
export function recordChange({ world, clock }: Sandbox, zoneId: string, comment: string): ZoneChange {
  const now = clock.now();
  const id = nextRoute53Id(world.route53, 'C');
  const change: ZoneChange = { id, zoneId, comment, submittedAt: now, insyncAt: now + propagationTime };
  world.route53.changes[id] = change;
  return change;
}

/** ChangeResourceRecordSets: the whole batch or nothing of it. A zone works on one batch at a time. */
export async function changeRecords(zone: HostedZone, request: SandboxRequest, sandbox: Sandbox): Promise<SandboxResponse> {
  if ((zone.busyUntil ?? 0) > sandbox.clock.now()) {
    throw awsFault(400, 'PriorRequestNotComplete', 'The request was rejected because Route 53 was still processing a prior request.');
  }
  const { comment, changes } = parseBatch(request.body);
  checkSize(changes);
  requireShapes(changes);
  const result = changedRecords(sandbox.world, zone, changes);
  if ('problems' in result) throw awsFault(400, 'InvalidChangeBatch', `[${result.problems.join(', ')}]`);
  zone.records = result.records;
  const change = recordChange(sandbox, zone.id, comment);
  zone.busyUntil = sandbox.clock.now() + processingTime;
  // A client that waits for its answer before it sends the next batch is never refused.
  while (zone.busyUntil > sandbox.clock.now()) await sleep(processingTime / sandbox.clock.scale);
  return xmlResponse('ChangeResourceRecordSetsResponse', { ChangeInfo: changeInfo(change, sandbox.clock.now()) });
}
