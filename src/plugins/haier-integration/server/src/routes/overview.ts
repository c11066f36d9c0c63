import { adminRoute } from './admin-route';

export const OVERVIEW_ROUTES = [adminRoute('GET', '/overview', 'overview.find', 'read')];
