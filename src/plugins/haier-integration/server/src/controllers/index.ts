import calls from './calls';
import mappings from './mappings';
import messages from './messages';
import overview from './overview';
import settings from './settings';

export default { calls, mappings, messages, overview, settings };
