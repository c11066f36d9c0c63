// Starts a compiled Strapi project without its admin panel; what it is and where it stands comes from the environment.
const { createStrapi } = require('@strapi/strapi');

void createStrapi({
  appDir: process.env.BENCH_APP_DIR,
  distDir: process.env.BENCH_DIST_DIR,
  autoReload: false,
  serveAdminPanel: false,
}).start();
