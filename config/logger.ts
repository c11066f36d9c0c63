import { openLogs } from '../src/platform/logging';
import { settings, SettingsError } from './environment';
import { secretValues } from './environment/secrets';

/** Strapi's logger, and the files beside it. Throws SettingsError when LOG_DIR cannot be written: better now than later. */
const config = () => {
  const current = settings();
  try {
    return openLogs({
      level: current.LOG_LEVEL,
      folder: current.LOG_DIR,
      format: current.LOG_FORMAT,
      role: current.PROCESS_ROLE,
      secrets: secretValues(current),
    });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new SettingsError([
      { name: 'LOG_DIR', message: `is ${current.LOG_DIR}, which cannot be written (${code})` },
    ]);
  }
};

export default config;
