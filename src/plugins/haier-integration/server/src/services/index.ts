import balance from './balance';
import callLog from './call-log';
import calls from './calls';
import clients from './clients';
import connectionTest from './connection-test';
import mappings from './mappings';
import overview from './overview';
import settings from './settings';
import settingsView from './settings-view';
import tokenKeeper from './token-keeper';

export default {
  balance,
  callLog,
  calls,
  clients,
  connectionTest,
  mappings,
  overview,
  settings,
  settingsView,
  tokenKeeper,
};
