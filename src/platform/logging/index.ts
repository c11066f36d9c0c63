/** The logs: see `shop-log`. */
export { keepAnchors, stopAnchors } from './anchors';
export type { AuditFields, ChainEnd } from './audit-chain';
export { contextFields, describeError } from './line';
export {
  type ApiCall,
  auditMoney,
  closeLogs,
  flushLogs,
  logApiCall,
  type LogTroubles,
  logTroubles,
  openLogs,
  watchAudit,
} from './shop-log';
