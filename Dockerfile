# One image for web, worker and migrations; PROCESS_ROLE and the command say which. Runs as a user without rights, with a root file
# system that nobody writes to: see docs/deployment.md for the two folders that must be writable.

FROM node:20-bookworm-slim AS build
# For better-sqlite3, where no ready-made binary can be had.
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /shop
ENV CI=true STRAPI_TELEMETRY_DISABLED=true
COPY package.json package-lock.json ./
COPY scripts ./scripts
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev && npm cache clean --force

FROM node:20-bookworm-slim
# Strapi's command line keeps a folder at home.
ENV NODE_ENV=production STRAPI_TELEMETRY_DISABLED=true HOME=/tmp HOST=0.0.0.0 PORT=1337
WORKDIR /shop
# Owned by root: the shop can read itself and change nothing.
COPY --from=build /shop/package.json /shop/tsconfig.json ./
COPY --from=build /shop/node_modules ./node_modules
COPY --from=build /shop/scripts ./scripts
COPY --from=build /shop/src/plugins ./src/plugins
COPY --from=build /shop/public ./public
COPY --from=build /shop/dist ./dist
# A new volume takes over owner and rights of what it covers. Strapi makes the folder of migrations when there is none, and may not.
RUN mkdir -p public/uploads dist/database/migrations && chown node:node public/uploads
USER 1000:1000
VOLUME /shop/public/uploads
EXPOSE 1337
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(a=>process.exit(a.ok?0:1),()=>process.exit(1))"]
STOPSIGNAL SIGTERM
# As `npm run serve`, without npm between: signals reach the shop itself.
CMD ["node", "scripts/serve.mjs"]
