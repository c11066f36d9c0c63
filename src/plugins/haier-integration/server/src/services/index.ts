import districts from './districts';
import stockReader from './stock-reader';

export default { districts, stockReader };
