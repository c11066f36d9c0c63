// Starts a compiled Strapi project without its admin panel; what it is and where it stands comes from the environment.
const { writeFileSync } = require('node:fs');

const { createStrapi } = require('@strapi/strapi');
const { Client } = require('pg');

// Every statement sent to PostgreSQL, BEGIN and COMMIT included; SIGUSR2 writes how many there were into the file.
const { BENCH_STATEMENTS_FILE } = process.env;
if (BENCH_STATEMENTS_FILE !== undefined) {
  const { query } = Client.prototype;
  let statements = 0;
  Client.prototype.query = function counted(...args) {
    statements += 1;
    return query.apply(this, args);
  };
  process.on('SIGUSR2', () => writeFileSync(BENCH_STATEMENTS_FILE, String(statements)));
}

void createStrapi({
  appDir: process.env.BENCH_APP_DIR,
  distDir: process.env.BENCH_DIST_DIR,
  autoReload: false,
  serveAdminPanel: false,
}).start();
