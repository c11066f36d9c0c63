import apiLog from './haier-api-log/schema.json';
import mapping from './haier-mapping/schema.json';
import setting from './haier-setting/schema.json';
import settingChange from './haier-setting-change/schema.json';
import syncItem from './haier-sync-item/schema.json';
import syncRun from './haier-sync-run/schema.json';
import token from './haier-token/schema.json';

export default {
  'haier-api-log': { schema: apiLog },
  'haier-sync-run': { schema: syncRun },
  'haier-sync-item': { schema: syncItem },
  'haier-mapping': { schema: mapping },
  'haier-setting': { schema: setting },
  'haier-setting-change': { schema: settingChange },
  'haier-token': { schema: token },
};
