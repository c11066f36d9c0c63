import callLog from './call-log';
import clients from './clients';
import districts from './districts';
import stockReader from './stock-reader';
import tokenKeeper from './token-keeper';

export default { callLog, clients, districts, stockReader, tokenKeeper };
