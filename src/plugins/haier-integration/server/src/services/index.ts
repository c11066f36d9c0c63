import syncs from './syncs';

export default { syncs };
