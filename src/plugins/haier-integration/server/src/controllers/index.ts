import callback from './callback';
import calls from './calls';
import mappings from './mappings';
import messages from './messages';
import orders from './orders';
import overview from './overview';
import settings from './settings';
import syncs from './syncs';

export default { callback, calls, mappings, messages, orders, overview, settings, syncs };
