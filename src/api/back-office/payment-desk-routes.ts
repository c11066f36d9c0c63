import { adminRoute as button } from './admin-route';

/** Which payments an order has, and which orders a payment is for. */
export const PAYMENT_DESK_ROUTES = [
  button('GET', '/orders/:documentId/payments', 'payment-desk.paymentsOfOrder', 'seeWork'),
  button('GET', '/payments/:documentId', 'payment-desk.payment', 'seeWork'),
];
