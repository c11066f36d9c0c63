/** The logs: see `shop-log`. */
export { keepAnchors, stopAnchors } from './anchors';
export type { AuditFields, ChainEnd } from './audit-chain';
export { type ApiCall, contextFields, describeError } from './line';
export {
  auditMoney,
  closeLogs,
  endAudit,
  flushLogs,
  logApiCall,
  type LogTroubles,
  logTroubles,
  openLogs,
  watchAudit,
} from './shop-log';
