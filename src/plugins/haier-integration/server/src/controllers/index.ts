import settings from './settings';
import syncs from './syncs';

export default { settings, syncs };
