import { adminRoute as button } from './admin-route';

/** The reconciliation's part of the panel's routes. */
export const RECONCILIATION_ROUTES = [
  button('GET', '/reconciliation', 'reconciliation.desk', 'seeWork'),
  button('POST', '/reconciliation/runs', 'reconciliation.start', 'reconcile'),
  button('GET', '/reconciliation/runs/:documentId', 'reconciliation.run', 'seeWork'),
  button('GET', '/reconciliation/differences/:documentId', 'reconciliation.difference', 'seeWork'),
  button('POST', '/reconciliation/differences/:documentId/mend', 'reconciliation.mend', 'reconcile'),
  button('POST', '/reconciliation/differences/:documentId/ignore', 'reconciliation.ignore', 'reconcile'),
];
