import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/parse-config.js';

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string): string => readFileSync(`${root}${name}`, 'utf8');

/** Docker is not at hand where these tests run; what can be said of the files without it is said here. */
function faults(text: string): string[] {
  const { services, volumes } = parse(text, { strict: true, uniqueKeys: true }) as Compose;
  return Object.entries(services).flatMap(([name, service]) => [
    ...(service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${name} opens ${port}`),
    ...(service.healthcheck?.test?.length ? [] : [`${name} has no health check`]),
    ...(service.build || /:[\w.-]*\d[\w.-]*$/.test(service.image ?? '') ? [] : [`${name} has no version`]),
    ...Object.entries(service.environment ?? {})
      .filter(([key, value]) => /PASS|TOKEN|SECRET/.test(key) && !/RANDOM/.test(key) && !value.includes('${'))
      .map(([key]) => `${name} has the secret ${key} in the file`),
    ...(service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((volume) => !volume.startsWith('.') && !(volume in volumes))
      .map((volume) => `${name} mounts ${volume}, which is not declared`),
  ]);
}

describe('docker-compose.yml', () => {
  it('binds to loopback, checks health, names versions and holds no secret', () => {
    expect(faults(read('docker-compose.yml'))).toEqual([]);
  });

  it.each([
    ["services: { a: { build: ., ports: ['3000:3000'], healthcheck: { test: [CMD] } } }", 'a opens 3000:3000'],
    ['services: { a: { build: . } }', 'a has no health check'],
    ['services: { a: { image: x:latest, healthcheck: { test: [CMD] } } }', 'a has no version'],
    ['services: { a: { image: x, healthcheck: { test: [CMD] } } }', 'a has no version'],
    [
      'services: { a: { image: x:1, environment: { A_PASSWORD: word }, healthcheck: { test: [CMD] } } }',
      'a has the secret A_PASSWORD in the file',
    ],
    [
      "services: { a: { image: x:1, volumes: ['d:/d'], healthcheck: { test: [CMD] } } }\nvolumes: {}",
      'a mounts d, which is not declared',
    ],
  ])('%s is faulty', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it('gives Sluice settings that it takes', () => {
    const { services } = parse(read('docker-compose.yml')) as Compose;
    const environment = Object.fromEntries(
      Object.entries(services['sluice']?.environment ?? {}).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{\w+(?::[?-][^}]*)?\}/g, '0123456789abcdef0123456789abcdef'),
      ]),
    );
    expect(parseConfig(environment)).toMatchObject({ config: { mode: 'servers', migrate: true, port: 3000 } });
  });

  it('waits for the servers before Sluice starts', () => {
    const { services } = parse(read('docker-compose.yml')) as { services: Record<string, { depends_on?: object }> };
    expect(services['sluice']?.depends_on).toEqual({
      mysql: { condition: 'service_healthy' },
      rabbitmq: { condition: 'service_healthy' },
    });
  });
});

describe('docker-compose.plugin.yml', () => {
  const { services, configs } = parse(read('docker-compose.plugin.yml'), { strict: true, uniqueKeys: true }) as {
    services: Readonly<Record<string, ComposeService & { volumes: readonly Readonly<Record<string, unknown>>[] }>>;
    configs: Readonly<Record<string, { readonly content: string }>>;
  };
  const base = parse(read('docker-compose.yml')) as Compose;

  it('changes services that are there', () => {
    expect(Object.keys(services).filter((name) => !(name in base.services))).toEqual([]);
  });

  it('takes the plugin from where it is said to be, and refuses to start without it', () => {
    const [plugin] = services['rabbitmq']?.volumes ?? [];
    expect(plugin).toMatchObject({ type: 'bind', read_only: true, bind: { create_host_path: false } });
    expect(plugin?.['source']).toMatch(/^\$\{SLUICE_DELAY_PLUGIN:\?/);
    expect(services['rabbitmq']?.environment?.['RABBITMQ_PLUGINS_DIR']?.split(':')).toContain(
      String(plugin?.['target']).replace(/\/[^/]+$/, ''),
    );
    expect(configs['enabled_plugins']?.content).toContain('rabbitmq_delayed_message_exchange');
  });

  it('asks for the plugin, and runs it on the last version that can', () => {
    expect(services['sluice']?.environment).toEqual({ SLUICE_DELAY: 'plugin' });
    expect(services['rabbitmq']?.image).toBe('rabbitmq:4.2-management');
  });
});

describe('docker-compose.yml without it', () => {
  it('mounts nothing that is not shipped', () => {
    const sources = Object.values((parse(read('docker-compose.yml')) as Compose).services)
      .flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
      .filter((source) => source.startsWith('.'));
    expect(sources.filter((source) => !existsSync(`${root}${source}`))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('runs as nobody in particular, on a named version', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    for (const line of lines.filter((candidate) => candidate.startsWith('FROM '))) expect(line).toMatch(/^FROM \w+:\d/);
  });

  it('copies what exists', () => {
    const sources = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(sources.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
  });
});
