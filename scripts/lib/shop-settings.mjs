import { createRequire } from 'node:module';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

/**
 * The settings that the compiled shop in `dist` would start with, given these variables. Throws a Refusal with the whole list
 * of what is wrong.
 */
export function readShopSettings(dist, variables) {
  const environment = createRequire(import.meta.url)(path.join(dist, 'config/environment'));
  try {
    return environment.readSettings(variables);
  } catch (error) {
    if (error.problems === undefined) throw error;
    const lines = error.problems.map(({ name, message }) => `  - ${name} ${message}`);
    throw new Refusal(
      `设置有误（参见 .env.example）：\n${lines.join('\n')}\n`,
      'The settings are not right (see .env.example).',
    );
  }
}
