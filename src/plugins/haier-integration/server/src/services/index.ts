import callLog from './call-log';
import clients from './clients';
import districts from './districts';
import settings from './settings';
import settingsView from './settings-view';
import stockReader from './stock-reader';
import tokenKeeper from './token-keeper';

export default { callLog, clients, districts, settings, settingsView, stockReader, tokenKeeper };
