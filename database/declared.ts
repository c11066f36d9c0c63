/**
 * The rules the database itself keeps, whatever the code does: declared here, laid over the tables by `constraints.ts`,
 * and read again by the audit, which also finds the rows and the databases that escaped them.
 */
export interface UniqueIndex {
  name: string;
  table: string;
  columns: string[];
  /** Texts that differ in case alone are the same. */
  ignoresCase?: true;
  /** A condition in SQL both databases read the same. */
  where?: string;
}

export const UNIQUE_INDEXES: UniqueIndex[] = [
  {
    name: 'shop_unique_product_code',
    table: 'products',
    columns: ['product_code', 'locale'],
    where: 'product_code is not null',
  },
  { name: 'shop_unique_user_openid', table: 'up_users', columns: ['open_id'], where: 'open_id is not null' },
  { name: 'shop_unique_user_phone', table: 'up_users', columns: ['phone'], where: 'phone is not null' },
  // Staff and staff would be told apart by nobody who reads them.
  { name: 'shop_unique_user_username', table: 'up_users', columns: ['username'], ignoresCase: true },
  { name: 'shop_unique_user_email', table: 'up_users', columns: ['email'] },
  // Every request of a signed-in user looks for its session, sign-in and logout for those of a user.
  { name: 'shop_unique_session', table: 'strapi_sessions', columns: ['session_id'] },
  { name: 'shop_unique_session_of_user', table: 'strapi_sessions', columns: ['user_id', 'session_id'] },
  { name: 'shop_unique_inventory_item', table: 'inventory_items', columns: ['product_document_id'] },
  // One lock, one release and one deduct per order and life, whoever tries and however often.
  {
    name: 'shop_unique_inventory_log',
    table: 'inventory_logs',
    columns: ['order_id', 'life', 'change_type'],
    where: "order_id is not null and change_type in ('lock', 'release', 'deduct')",
  },
  // In one life the goods either go back on the shelf or leave the house, never both.
  {
    name: 'shop_unique_inventory_end',
    table: 'inventory_logs',
    columns: ['order_id', 'life'],
    where: "order_id is not null and change_type in ('release', 'deduct')",
  },
  { name: 'shop_unique_default_address', table: 'addresses', columns: ['user_id'], where: 'is_default' },
  { name: 'shop_unique_cart_user', table: 'carts', columns: ['user_id'] },
  { name: 'shop_unique_cart_item', table: 'cart_items', columns: ['cart_id', 'product_document_id'] },
  { name: 'shop_unique_order_number', table: 'orders', columns: ['order_number'] },
  {
    name: 'shop_unique_order_so_id',
    table: 'orders',
    columns: ['haier_so_id'],
    where: 'haier_so_id is not null',
  },
  { name: 'shop_unique_payment_number', table: 'payments', columns: ['payment_number'] },
  {
    name: 'shop_unique_payment_transaction',
    table: 'payments',
    columns: ['transaction_id'],
    where: 'transaction_id is not null',
  },
  {
    name: 'shop_unique_payment_allocation',
    table: 'payment_allocations',
    columns: ['payment_id', 'order_id'],
  },
  { name: 'shop_unique_refund_number', table: 'refunds', columns: ['refund_number'] },
  // A failed refund is tried again once; what fails again is tried again itself.
  {
    name: 'shop_unique_refund_retry',
    table: 'refunds',
    columns: ['retry_of_id'],
    where: 'retry_of_id is not null',
  },
  {
    name: 'shop_unique_refund_allocation',
    table: 'refund_allocations',
    columns: ['refund_id', 'order_id'],
  },
  { name: 'shop_unique_idempotency_key', table: 'idempotency_keys', columns: ['user_id', 'route', 'key'] },
  // Parts of the outbox, each as small as what it is asked for: due by topic, held, queued by key, done long ago.
  {
    name: 'shop_outbox_due',
    table: 'outbox_messages',
    columns: ['topic', 'available_at', 'id'],
    where: "status = 'pending'",
  },
  {
    name: 'shop_outbox_held',
    table: 'outbox_messages',
    columns: ['locked_until', 'id'],
    where: "status = 'running'",
  },
  {
    name: 'shop_outbox_queued',
    table: 'outbox_messages',
    columns: ['key', 'id'],
    where: "key is not null and status <> 'done'",
  },
  {
    name: 'shop_outbox_done',
    table: 'outbox_messages',
    columns: ['updated_at', 'id'],
    where: "status = 'done'",
  },
  {
    name: 'shop_outbox_dead',
    table: 'outbox_messages',
    columns: ['topic', 'id'],
    where: "status = 'dead'",
  },
  // One row per job of the clock, however many processes start together.
  {
    name: 'shop_unique_clock_job',
    table: 'outbox_messages',
    columns: ['key'],
    where: "substr(key, 1, 6) = 'clock:' and status <> 'done'",
  },
  { name: 'shop_unique_reconciliation_run', table: 'reconciliation_runs', columns: ['bill_date'] },
  // A difference found again is the same one.
  {
    name: 'shop_unique_reconciliation_difference',
    table: 'reconciliation_differences',
    columns: ['kind', 'subject'],
  },
  // Unique by its id alone; it stands here for its condition. Staff read what nobody of them has read yet: few of all there ever were.
  {
    name: 'shop_notifications_staff_unread',
    table: 'notifications',
    columns: ['created_at', 'id'],
    where: "audience = 'staff' and read_at is null",
  },
  // The same thing wrong is told once, until it is gone.
  {
    name: 'shop_unique_audit_finding',
    table: 'audit_findings',
    columns: ['rule', 'subject'],
    where: "status = 'open'",
  },
  { name: 'shop_unique_callback', table: 'callback_inbox', columns: ['source', 'event_id'] },
];

export interface Check {
  name: string;
  table: string;
  condition: string;
}

export const CHECKS: Check[] = [
  { name: 'shop_check_stock', table: 'inventory_items', condition: 'locked >= 0 and locked <= on_hand' },
  {
    name: 'shop_check_order_amounts',
    table: 'orders',
    // Fen, because SQLite keeps yuan as floating point numbers.
    condition:
      'quantity > 0 and actual_amount >= 0 and discount_amount >= 0 and discount_amount <= total_amount ' +
      'and round(actual_amount * 100) = round((total_amount - discount_amount) * 100)',
  },
  { name: 'shop_check_payment_amount', table: 'payments', condition: 'amount > 0' },
  { name: 'shop_check_refund_amount', table: 'refunds', condition: 'amount > 0' },
  { name: 'shop_check_cart_quantity', table: 'cart_items', condition: 'quantity > 0' },
];

/** Tables whose rows are written once: the stock ledger and the history of orders are evidence. */
export const APPEND_ONLY_TABLES = ['inventory_logs', 'order_histories'] as const;

/** What refuses a change of such a row; also the trigger's name. */
export const appendOnlyTrigger = (table: string): string => `shop_append_only_${table}`;
