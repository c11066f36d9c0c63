/** What the files of a deployment say about the shop must be so: names of settings, ports, addresses, folders, commands. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

import { parseAllDocuments, parse } from 'yaml';

import { readSettings, SettingsError } from '../../config/environment';
import { environmentSchema } from '../../config/environment/schema';
import { findNginx, writeNginxConfiguration } from '../support/balanced-shop';
import { projectRoot, temporaryFolder } from './in-node';

const read = (file: string) => fs.readFileSync(path.join(projectRoot, file), 'utf8');
const settingNames = new Set(Object.keys(environmentSchema.shape));
/** Of the platform under the shop. */
const OUTSIDE_NAMES = ['STRAPI_TELEMETRY_DISABLED', 'CI', 'HOME'];

const envNames = (text: string) => [...text.matchAll(/^([A-Z][A-Z0-9_]+)=(.*)$/gm)];
const dockerfile = read('Dockerfile');
/* eslint-disable @typescript-eslint/no-explicit-any -- files whose shape is what is tested */
const compose = parse(read('compose.yaml'), { merge: true }) as any;
const KUBERNETES = fs.readdirSync(path.join(projectRoot, 'deploy/kubernetes'));
const manifests = KUBERNETES.flatMap((file) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJSON() as any),
);
const manifest = (kind: string, name: string) =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name);
const pods = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
const shops = Object.entries<any>(compose.services).filter(([, service]) => service.build !== undefined);

describe('the settings that a deployment names', () => {
  it('are settings of the shop', () => {
    const used = [
      ...envNames(read('deploy/production.env.example')).map(([, name]) => name),
      ...shops.flatMap(([, service]) => Object.keys(service.environment)),
      ...Object.keys(manifest('ConfigMap', 'shop').data),
      ...Object.keys(manifest('Secret', 'shop').stringData),
      ...pods.flatMap(({ spec }) =>
        (spec.template.spec.containers[0].env ?? []).map(({ name }: any) => name),
      ),
      ...[...dockerfile.matchAll(/^ENV (.*)$/gm)].flatMap(([, line]) =>
        [...(line ?? '').matchAll(/([A-Z_]+)=/g)].map(([, name]) => name),
      ),
    ];
    expect(used.length).toBeGreaterThan(60);
    expect(used.filter((name) => !settingNames.has(name!) && !OUTSIDE_NAMES.includes(name!))).toEqual([]);
  });

  it('are blank in the examples, and the shop does not start with blanks', () => {
    const example = envNames(read('deploy/production.env.example'));
    expect(example.filter(([, , value]) => value !== '')).toEqual([]);
    expect(Object.values(manifest('Secret', 'shop').stringData).filter((value) => value !== '')).toEqual([]);
    for (const variables of [
      {
        ...Object.fromEntries(example.map(([, name]) => [name, ''])),
        ...compose.services['web-1'].environment,
      },
      { ...manifest('ConfigMap', 'shop').data, ...manifest('Secret', 'shop').stringData },
    ]) {
      let refused: string[] = [];
      try {
        readSettings({ ...variables, NODE_ENV: 'production' });
      } catch (error) {
        refused = (error as SettingsError).problems.map(({ name }) => name);
      }
      // Each of them is asked for by name, in one list, and each has its line.
      expect(refused).toEqual(
        expect.arrayContaining(['APP_KEYS', 'JWT_SECRET', 'ENCRYPTION_KEY', 'DATABASE_URL', 'PUBLIC_URL']),
      );
      const lines = new Set(Object.keys(variables));
      const isNamed = (name: string) => lines.has(name) || lines.has(`${name}_PATH`);
      expect(refused.filter((name) => !isNamed(name))).toEqual([]);
    }
  });

  it('keep compose from starting without a password for the database', () => {
    expect(compose.services.postgres.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
    for (const [, service] of shops) expect(service.env_file).toBe('deploy/production.env');
    expect(read('.gitignore')).toMatch(/^deploy\/production\.env$/m);
  });
});

describe('every process of the shop', () => {
  it('runs without rights, and writes to two folders alone', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    for (const [, service] of shops) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.tmpfs[0]).toMatch(/^\/tmp:/);
      expect(service.volumes).toContain('uploads:/shop/public/uploads');
    }
    for (const { spec } of pods) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(pod.containers[0].securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
      expect(pod.containers[0].volumeMounts.map(({ mountPath }: any) => mountPath)).toEqual([
        '/tmp',
        '/shop/public/uploads',
      ]);
    }
  });

  it('runs a command that is there', () => {
    const commands = [
      ...shops.map(([, service]) => service.command),
      ...pods.map(({ spec }) => spec.template.spec.containers[0].command),
      JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]'),
    ].filter((command) => command !== undefined);
    expect(commands).toHaveLength(3);
    for (const [program, file] of commands as string[][]) {
      expect(program).toBe('node');
      expect(fs.existsSync(path.join(projectRoot, file!))).toBe(true);
    }
  });

  it('is given longer to stop than it takes', () => {
    const seconds = Number(manifest('ConfigMap', 'shop').data.SHUTDOWN_GRACE_SECONDS) + 2 + 30;
    for (const { kind, spec } of pods)
      if (kind === 'Deployment')
        expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(seconds);
    for (const [, service] of shops) expect(parseInt(service.stop_grace_period)).toBeGreaterThan(37);
  });

  it('is asked how it is where it answers', () => {
    for (const { kind, spec } of pods) {
      if (kind !== 'Deployment') continue;
      const [container] = spec.template.spec.containers;
      expect(container.ports).toEqual([{ name: 'http', containerPort: 1337 }]);
      expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    }
    for (const name of ['web-1', 'web-2', 'worker'])
      expect(compose.services[name].healthcheck.test.join(' ')).toContain('http://127.0.0.1:1337/readyz');
    expect(dockerfile).toMatch(/PORT=1337$/m);
    expect(manifest('HorizontalPodAutoscaler', 'shop-web').spec.scaleTargetRef.name).toBe('shop-web');
    for (const role of ['web', 'worker'])
      expect(manifest('PodDisruptionBudget', `shop-${role}`).spec.selector.matchLabels).toEqual(
        manifest('Deployment', `shop-${role}`).spec.template.metadata.labels,
      );
  });
});

describe('the Nginx of the deployment', () => {
  it('finds the web processes where compose puts them, and is the only one they believe', () => {
    const at = (name: string) => compose.services[name].networks.inside.ipv4_address as string;
    const servers = [...read('deploy/nginx/nginx.conf').matchAll(/^\s+server ([\d.]+):1337 /gm)];
    expect(servers.map(([, address]) => address)).toEqual([at('web-1'), at('web-2')]);
    for (const name of ['web-1', 'web-2'])
      expect(compose.services[name].environment.TRUST_PROXY).toBe(at('nginx'));
  });

  it('gives kept connections up sooner than a process that stops', () => {
    const seconds = Number(/^\s+keepalive_timeout (\d+)s;\n\s+}/m.exec(read('deploy/nginx/nginx.conf'))?.[1]);
    expect(seconds).toBeLessThan(5);
  });

  const nginx = findNginx();
  const folder = temporaryFolder();
  (nginx === undefined ? it.skip : it)('is a configuration that Nginx takes', () => {
    const file = writeNginxConfiguration(folder, { http: 8081, https: 8443, shop: [1338, 1339] });
    const { status, stderr } = spawnSync(nginx!, ['-t', '-p', folder, '-c', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.stringContaining('test is successful')]);
  });
});

describe('the build', () => {
  it('is sent what it copies and none of what nobody else may see', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files]) =>
      files!.split(' '),
    );
    for (const file of copied) expect(fs.existsSync(path.join(projectRoot, file))).toBe(true);
    const ignored = read('.dockerignore');
    expect(ignored.split('\n').filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
    expect(ignored).not.toMatch(/^!(\.env|deploy|\.git|node_modules)/m);
    const tracked = execFileSync('git', ['ls-files', 'deploy'], { cwd: projectRoot, encoding: 'utf8' });
    expect(tracked).not.toMatch(/\.(?:pem|key|crt)$|production\.env$/m);
  });
});
