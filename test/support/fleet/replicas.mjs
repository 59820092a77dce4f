import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplica } from '../../../dist/mock-server/fleet/start.js';

const REPLICAS = 3;
const RETRY_MS = 10;

/** Balancers, which end with this process. */
const balancers = new Set();
process.on('exit', () => balancers.forEach((program) => program.kill('SIGKILL')));
let started = 0;

/**
 * Starts three replicas that share a Redis, and a balancer in front of them, through which all calls and connections
 * go.
 */
export async function startSeveral({ balancerPort: port, ...options }, url) {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-replicas-'));
  let balancer;
  const replicas = [];
  const stop = async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    if (balancer !== undefined) await ended(balancer);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    started += 1;
    const place = { url, prefix: `test-${process.pid}-${started}` };
    for (let i = 0; i < REPLICAS; i++) replicas.push(await startReplica(options, place));

    const hosts = replicas.map(({ urls }) => new URL(urls.url).host);
    const file = join(folder, 'haproxy.cfg');
    await writeFile(file, balancing(port, hosts));
    balancer = spawn('/usr/sbin/haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    balancers.add(balancer);
    await listening(balancer, port);

    const [{ urls, hasControl }] = replicas;
    const seen = JSON.parse(JSON.stringify(urls).replaceAll(hosts[0], `127.0.0.1:${port}`));
    return { urls: seen, hasControl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Each request goes to the next server. */
function balancing(port, hosts) {
  return [
    'defaults',
    '  mode http',
    '  timeout connect 5s',
    '  timeout client 5m',
    '  timeout server 5m',
    'frontend all',
    `  bind 127.0.0.1:${port}`,
    '  default_backend fakes',
    'backend fakes',
    '  balance roundrobin',
    ...hosts.map((host, at) => `  server s${at} ${host}`),
    '',
  ].join('\n');
}

function hasEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

async function ended(program) {
  balancers.delete(program);
  if (hasEnded(program)) return;
  const exit = once(program, 'exit');
  program.kill('SIGKILL');
  await exit;
}

/** Resolves when the balancer listens, and rejects if it ends instead. */
async function listening(program, port) {
  for (;;) {
    if (hasEnded(program))
      throw new Error(`haproxy has ended with ${program.exitCode ?? program.signalCode}`);
    const socket = connect(port, '127.0.0.1');
    const isUp = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
