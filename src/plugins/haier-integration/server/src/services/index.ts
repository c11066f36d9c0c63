import callLog from './call-log';
import clients from './clients';
import settings from './settings';
import settingsView from './settings-view';
import tokenKeeper from './token-keeper';

export default { callLog, clients, settings, settingsView, tokenKeeper };
