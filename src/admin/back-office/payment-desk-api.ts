import { adminApi } from '@strapi/strapi/admin';

export interface OrderPayment {
  documentId: string;
  paymentNumber: string;
  status: string;
  amount: number;
  /** What the order has of it. */
  share: number;
  transactionId: string | null;
  paidAt: string | null;
  createdAt: string | null;
}

export interface PaidOrder {
  documentId: string;
  orderNumber: string;
  status: string;
  productName: string | null;
  quantity: number;
  share: number;
}

export interface PaymentFile {
  documentId: string;
  paymentNumber: string;
  status: string;
  amount: number;
  receivedAmount: number | null;
  orders: PaidOrder[];
}

const unwrap = <T>(answer: { data: T }): T => answer.data;

const api = adminApi.enhanceEndpoints({ addTagTypes: ['BackOffice'] }).injectEndpoints({
  endpoints: (builder) => ({
    paymentsOfOrder: builder.query<OrderPayment[], string>({
      query: (id) => ({ url: `/back-office/orders/${id}/payments`, method: 'GET' }),
      transformResponse: unwrap<OrderPayment[]>,
      providesTags: ['BackOffice'],
    }),
    paymentFile: builder.query<PaymentFile, string>({
      query: (id) => ({ url: `/back-office/payments/${id}`, method: 'GET' }),
      transformResponse: unwrap<PaymentFile>,
      providesTags: ['BackOffice'],
    }),
  }),
});

export const { usePaymentsOfOrderQuery, usePaymentFileQuery } = api;
