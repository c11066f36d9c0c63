/** An empty Strapi 5 project as its own command makes one, with the plugin's folder copied into it the way its README says. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROJECT_ROOT = join(__dirname, '..', '..');
const PLUGIN = join(PROJECT_ROOT, 'src/plugins/haier-integration');

const secret = (): string => randomBytes(24).toString('hex');

const CONFIG = {
  'config/server.ts': `export default ({ env }: import('@strapi/strapi').Core.Config.Shared.ConfigParams) => ({ host: '127.0.0.1', port: env.int('PORT', 1337), app: { keys: env.array('APP_KEYS') } });`,
  'config/admin.ts': `export default ({ env }: import('@strapi/strapi').Core.Config.Shared.ConfigParams) => ({
  auth: { secret: env('ADMIN_JWT_SECRET') },
  apiToken: { salt: env('API_TOKEN_SALT') },
  transfer: { token: { salt: env('TRANSFER_TOKEN_SALT') } },
  secrets: { encryptionKey: env('ENCRYPTION_KEY') },
  flags: { nps: false, promoteEE: false },
});`,
  'config/api.ts': `export default { rest: { defaultLimit: 25, maxLimit: 100, withCount: true } };`,
  'config/database.ts': `import path from 'path';
export default ({ env }: import('@strapi/strapi').Core.Config.Shared.ConfigParams) => ({
  connection: {
    client: 'sqlite',
    connection: { filename: path.join(__dirname, '..', '..', env('DATABASE_FILENAME', '.tmp/data.db')) },
    useNullAsDefault: true,
  },
});`,
  'config/middlewares.ts': `export default [
  'strapi::logger',
  'strapi::errors',
  'strapi::security',
  'strapi::cors',
  'strapi::poweredBy',
  'strapi::query',
  'strapi::body',
  'strapi::session',
  'strapi::favicon',
  'strapi::public',
];`,
  'config/plugins.ts': `export default () => ({
  'haier-integration': {
    enabled: true,
    resolve: './src/plugins/haier-integration',
    config: { publicUrl: 'https://shop.example' },
  },
});`,
  'src/index.ts': `export default { register() {}, bootstrap() {} };`,
};

// What `create-strapi` writes, changed as the README says.
const TSCONFIG = {
  compilerOptions: {
    module: 'CommonJS',
    moduleResolution: 'Node',
    lib: ['ES2022'],
    target: 'ES2019',
    strict: true,
    skipLibCheck: true,
    forceConsistentCasingInFileNames: true,
    incremental: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    noEmitOnError: true,
    noImplicitThis: true,
    outDir: 'dist',
    rootDir: '.',
  },
  include: ['./', './**/*.ts', './**/*.js', 'src/**/*.json'],
  exclude: [
    'node_modules/',
    'build/',
    'dist/',
    '.cache/',
    '.tmp/',
    'src/admin/',
    '**/*.test.*',
    'src/plugins/*/admin/**',
  ],
};

/** Writes the project into `folder`; its packages are this repository's. */
export function writeEmptyProject(folder: string): void {
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(CONFIG)) put(name, text);
  put('tsconfig.json', JSON.stringify(TSCONFIG, null, 2));
  put(
    'package.json',
    JSON.stringify({
      name: 'empty-shop',
      version: '0.0.0',
      private: true,
      dependencies: {
        '@strapi/strapi': '5.54.0',
        '@strapi/plugin-users-permissions': '5.54.0',
        'better-sqlite3': '12.8.0',
        react: '18.3.1',
        'react-dom': '18.3.1',
        'react-router-dom': '6.30.4',
        'styled-components': '6.6.0',
      },
      strapi: { uuid: false },
    }),
  );
  put('public/uploads/.gitkeep', '');
  put('.tmp/.keep', '');
  cpSync(PLUGIN, join(folder, 'src/plugins/haier-integration'), { recursive: true });
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'));
}

/** Runs a command of the repository's packages in `folder`; throws with its output unless it ends well. */
export function runIn(folder: string, script: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'node_modules', script), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${script}: ${output}`))));
  });
}

const START = `
const { createStrapi } = require('@strapi/strapi');
process.on('disconnect', () => process.exit(0));
createStrapi({ appDir: process.cwd(), distDir: require('node:path').join(process.cwd(), 'dist'), autoReload: false, serveAdminPanel: false })
  .load()
  .then((strapi) => {
    strapi.server.mount();
    const { routes } = strapi.plugin('haier-integration').routes.admin;
    const server = strapi.server.httpServer;
    server.listen(0, '127.0.0.1', () =>
      process.send({ port: server.address().port, routes: routes.map(({ method, path }) => ({ method, path })) }));
  })
  .catch((error) => { console.error(error); process.exit(2); });
`;

export interface EmptyShop {
  url: string;
  /** Every route the plugin has for the panel. */
  routes: { method: string; path: string }[];
  /** What it has printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the compiled project in a process of its own; resolves when it listens. */
export function startEmptyProject(folder: string): Promise<EmptyShop> {
  const child = spawn(process.execPath, ['-e', START], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'development',
      STRAPI_TELEMETRY_DISABLED: 'true',
      APP_KEYS: `${secret()},${secret()}`,
      ADMIN_JWT_SECRET: secret(),
      JWT_SECRET: secret(),
      API_TOKEN_SALT: secret(),
      TRANSFER_TOKEN_SALT: secret(),
      ENCRYPTION_KEY: secret(),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error(`the project ended: ${output}`)));
    child.once('error', reject);
    child.once('message', (message) => {
      const { port, routes } = message as { port: number; routes: EmptyShop['routes'] };
      resolve({
        url: `http://127.0.0.1:${port}`,
        routes,
        output: () => output,
        async stop() {
          child.kill('SIGKILL');
          await ended;
        },
      });
    });
  });
}
