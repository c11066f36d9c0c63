import settings from './settings';
import settingsView from './settings-view';

export default { settings, settingsView };
