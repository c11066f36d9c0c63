import callback from './callback';
import orders from './orders';
import settings from './settings';

export default { callback, orders, settings };
