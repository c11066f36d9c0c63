/** The buttons' permissions, as the server registers them. */
export const CAN_WORK_ORDERS = [{ action: 'api::back-office.orders.work' }];
export const CAN_DECIDE_REFUNDS = [{ action: 'api::back-office.refunds.decide' }];
export const CAN_ADJUST_STOCK = [{ action: 'api::back-office.stock.adjust' }];
export const CAN_REPLAY = [{ action: 'api::back-office.messages.replay' }];
export const CAN_RECONCILE = [{ action: 'api::back-office.reconciliation.work' }];
export const CAN_SEE_WORK = [{ action: 'api::back-office.work.read' }];
