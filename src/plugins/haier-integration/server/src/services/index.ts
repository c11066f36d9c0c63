import callLog from './call-log';
import clients from './clients';
import settings from './settings';
import settingsView from './settings-view';
import syncs from './syncs';
import tokenKeeper from './token-keeper';

export default { callLog, clients, settings, settingsView, syncs, tokenKeeper };
