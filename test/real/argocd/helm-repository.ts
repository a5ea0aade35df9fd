import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Helm chart as files; JSON is YAML. */
export interface ServedChart {
  readonly name: string;
  readonly version: string;
  /** By their path in the chart, but for Chart.yaml. */
  readonly files: Readonly<Record<string, string>>;
}

/** Serves charts as a Helm repository does: an index, and an archive of each. One version of a chart. */
export async function serveHelmRepository(charts: readonly ServedChart[]): Promise<{ readonly url: string; close(): Promise<void> }> {
  const archives = new Map<string, Buffer>();
  for (const chart of charts) archives.set(archiveName(chart), await packed(chart));
  const index = JSON.stringify({ apiVersion: 'v1', entries: Object.fromEntries(charts.map((chart) => [chart.name, [entryOf(chart)]])) });
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    const found = name === 'index.yaml' ? index : archives.get(name);
    if (found === undefined) response.writeHead(404);
    response.end(found);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function archiveName({ name, version }: ServedChart): string {
  return `${name}-${version}.tgz`;
}

function entryOf(chart: ServedChart) {
  const { name, version } = chart;
  return { apiVersion: 'v2', name, version, urls: [archiveName(chart)], created: '2026-01-01T00:00:00Z' };
}

async function packed({ name, version, files }: ServedChart): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-chart-'));
  try {
    const whole = { 'Chart.yaml': JSON.stringify({ apiVersion: 'v2', name, version }), ...files };
    for (const [path, text] of Object.entries(whole)) {
      const file = join(folder, name, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await run('tar', ['-czf', join(folder, 'chart.tgz'), '-C', folder, name]);
    return await readFile(join(folder, 'chart.tgz'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
