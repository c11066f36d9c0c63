import type { Core } from '@strapi/strapi';

const config: Core.Config.Api = {
  rest: {
    prefix: '/api/v1',
    defaultLimit: 20,
    maxLimit: 100,
    withCount: true,
    strictParams: true,
  },
  documents: { strictParams: true, strictRelations: true },
};

export default config;
