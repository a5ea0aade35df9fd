import type { SandboxResponse } from '../system.ts';
import { type Call, nextId, present } from './call.ts';
import { mergeRequestOf } from './merge-requests.ts';
import { offsetPage } from './pages.ts';
import { userNamed } from './render.ts';
import { forbidden, json, noContent, refuse, time } from './reply.ts';
import type { MergeRequest, Note } from './state.ts';

export function listNotes(call: Call): SandboxResponse {
  const { request } = mergeRequestOf(call);
  const sign = call.query.get('sort') === 'asc' ? 1 : -1;
  return offsetPage(
    call,
    request.notes.toSorted((a, b) => sign * (a.id - b.id)),
    (note) => renderNote(call, request, note),
  );
}

export function getNote(call: Call): SandboxResponse {
  const { request, note } = noteOf(call);
  return json(200, renderNote(call, request, note));
}

export function createNote(call: Call): SandboxResponse {
  const { request } = mergeRequestOf(call);
  const at = call.sandbox.clock.now();
  const note: Note = { id: nextId(call.state), author: call.user.username, body: present(call, 'body'), system: false, at, updatedAt: at };
  request.notes.push(note);
  return json(201, renderNote(call, request, note));
}

export function updateNote(call: Call): SandboxResponse {
  const { request, note } = noteOf(call);
  if (note.author !== call.user.username) forbidden();
  note.body = present(call, 'body');
  note.updatedAt = call.sandbox.clock.now();
  return json(200, renderNote(call, request, note));
}

export function deleteNote(call: Call): SandboxResponse {
  const { request, note } = noteOf(call);
  if (note.author !== call.user.username) forbidden();
  request.notes = request.notes.filter((one) => one !== note);
  return noContent;
}

function noteOf(call: Call): { request: MergeRequest; note: Note } {
  const { request } = mergeRequestOf(call);
  const note = request.notes.find((one) => String(one.id) === call.parameters.note);
  return note === undefined ? refuse(404, { message: '404 Note Not Found' }) : { request, note };
}

function renderNote(call: Call, request: MergeRequest, note: Note): Record<string, unknown> {
  return {
    id: note.id,
    type: null,
    body: note.body,
    author: userNamed(call.state, note.author),
    created_at: time(note.at),
    updated_at: time(note.updatedAt),
    system: note.system,
    noteable_id: request.id,
    noteable_type: 'MergeRequest',
    noteable_iid: request.iid,
    resolvable: false,
    internal: false,
  };
}
