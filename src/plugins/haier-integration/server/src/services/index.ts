import callLog from './call-log';
import clients from './clients';
import tokenKeeper from './token-keeper';

export default { callLog, clients, tokenKeeper };
