import { awsFault } from '../aws/fault.ts';

export function badRequest(message: string): Error {
  return awsFault(400, 'BadRequestException', message);
}

export function notFound(message: string): Error {
  return awsFault(404, 'NotFoundException', message);
}

export function conflict(message: string): Error {
  return awsFault(409, 'ConflictException', message);
}
