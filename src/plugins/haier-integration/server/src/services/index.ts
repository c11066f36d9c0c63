import balance from './balance';
import calls from './calls';
import mappings from './mappings';
import overview from './overview';
import settings from './settings';
import settingsView from './settings-view';

export default { balance, calls, mappings, overview, settings, settingsView };
