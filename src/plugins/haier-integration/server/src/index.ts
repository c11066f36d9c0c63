import config from './config';
import contentTypes from './content-types';

export default {
  config,
  contentTypes,
};
