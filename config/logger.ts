import { settings } from './environment';

const config = () => {
  const { LOG_LEVEL } = settings();
  return LOG_LEVEL === 'silent' ? { silent: true } : { level: LOG_LEVEL };
};

export default config;
