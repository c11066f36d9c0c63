import callbacks from './callbacks';
import districts from './districts';
import operations from './operations';
import settings from './settings';
import settingsView from './settings-view';
import stockReader from './stock-reader';

export default { callbacks, districts, operations, settings, settingsView, stockReader };
