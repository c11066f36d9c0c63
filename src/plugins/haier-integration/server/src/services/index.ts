import callLog from './call-log';
import callbacks from './callbacks';
import clients from './clients';
import districts from './districts';
import operations from './operations';
import settings from './settings';
import settingsView from './settings-view';
import stockReader from './stock-reader';
import tokenKeeper from './token-keeper';

export default { callLog, callbacks, clients, districts, operations, settings, settingsView, stockReader, tokenKeeper };
