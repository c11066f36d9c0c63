import { createMasker } from '../src/platform/masking';
import { startTracing } from '../src/platform/tracing';
import { settings } from './environment';
import { secretValues } from './environment/secrets';

/** Strapi reads its configuration before it opens the database: what is traced is watched from the beginning. */
const config = () => {
  const current = settings();
  const endpoint = current.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return { enabled: false };
  startTracing({
    endpoint,
    service: current.OTEL_SERVICE_NAME,
    role: current.PROCESS_ROLE,
    masker: createMasker(secretValues(current)),
  });
  return { enabled: true };
};

export default config;
