import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Where the header of a CGI answer ends. */
const BLANK_LINE = /\r?\n\r?\n/;

/** Serves the bare repositories in a folder through `git http-backend` (git-http-backend(1)), to read and to push. */
export function gitHttp(folder: string, backend: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/health') {
      response.end('ok');
      return;
    }
    const child = spawn(backend, { env: environment(request, url, folder), stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', (thrown) => response.writeHead(500).end(thrown.message));
    // It may answer, and end, before it has read everything.
    child.stdin.on('error', () => undefined);
    request.pipe(child.stdin);
    answer(child.stdout, response);
  };
}

function environment(request: IncomingMessage, url: URL, folder: string): NodeJS.ProcessEnv {
  const header = (name: string): string => String(request.headers[name] ?? '');
  return {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_PROTOCOL: header('git-protocol'),
    // Pushing is for users that the server in front has authenticated.
    REMOTE_USER: 'test',
    REMOTE_ADDR: '127.0.0.1',
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: header('content-type'),
    CONTENT_LENGTH: header('content-length'),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
  };
}

function answer(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head: Buffer | null = Buffer.alloc(0);
  output.on('data', (chunk: Buffer) => {
    if (head === null) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const found = BLANK_LINE.exec(head.toString('latin1'));
    if (found === null) return;
    writeHead(head.toString('latin1', 0, found.index), response);
    response.write(head.subarray(found.index + found[0].length));
    head = null;
  });
  output.on('end', () => {
    if (head !== null) response.writeHead(502);
    response.end();
  });
}

function writeHead(head: string, response: ServerResponse): void {
  let status = 200;
  for (const line of head.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  response.writeHead(status);
}

if (import.meta.filename === process.argv[1]) {
  const [port, folder = '', backend = ''] = process.argv.slice(2);
  createServer(gitHttp(folder, backend)).listen(Number(port), '127.0.0.1');
}
