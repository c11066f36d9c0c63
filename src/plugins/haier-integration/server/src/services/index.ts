import balance from './balance';
import callLog from './call-log';
import callbacks from './callbacks';
import calls from './calls';
import clients from './clients';
import connectionTest from './connection-test';
import districts from './districts';
import mappings from './mappings';
import operations from './operations';
import overview from './overview';
import settings from './settings';
import settingsView from './settings-view';
import stockReader from './stock-reader';
import syncs from './syncs';
import tokenKeeper from './token-keeper';

export default {
  balance,
  callLog,
  callbacks,
  calls,
  clients,
  connectionTest,
  districts,
  mappings,
  operations,
  overview,
  settings,
  settingsView,
  stockReader,
  syncs,
  tokenKeeper,
};
