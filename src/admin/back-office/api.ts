import { adminApi } from '@strapi/strapi/admin';

export interface RefundFile {
  documentId: string;
  refundNumber: string;
  kind: string;
  status: string;
  amount: number;
  reason: string | null;
  requestedBy: string | null;
  decidedBy: string | null;
  decisionReason: string | null;
  isHeld: boolean;
  isRetried: boolean;
  createdAt: string | null;
}

export interface OrderFile {
  documentId: string;
  orderNumber: string;
  status: string;
  allowed: string[];
  isShippedByHaier: boolean;
  isShipped: boolean;
  shippingCompany: string | null;
  trackingNumber: string | null;
  shippingUploadedAt: string | null;
  shippingUploadNote: string | null;
  refunds: RefundFile[];
  history: {
    event: string;
    actorType: string;
    actorName: string | null;
    reason: string | null;
    createdAt: string | null;
  }[];
}

export interface StockFile {
  onHand: number;
  locked: number;
  stock: number;
  log: {
    changeType: string;
    quantity: number;
    onHandAfter: number;
    lockedAfter: number;
    reason: string | null;
    operator: string | null;
    createdAt: string | null;
  }[];
}

export interface WorkList {
  ordersToShip: number;
  refundsToDecide: number;
  refundsToMend: number;
  paymentsToCheck: number;
  deadMessages: number;
  lowStock: number;
  lowStockProducts: { documentId: string; name: string; available: number }[];
  notices: {
    documentId: string;
    type: string;
    title: string;
    content: string | null;
    createdAt: string | null;
  }[];
}

const unwrap = <T>(answer: { data: T }): T => answer.data;
const read = (path: string) => ({ url: `/back-office/${path}`, method: 'GET' as const });
const press = (path: string, data: object) => ({
  url: `/back-office/${path}`,
  method: 'POST' as const,
  data,
});

/**
 * The panel's own calls. What a button changes is read again: our own answers, and for orders, refunds and messages
 * also the form beside it (`Document` is the content manager's tag).
 */
const api = adminApi.enhanceEndpoints({ addTagTypes: ['Document', 'BackOffice'] }).injectEndpoints({
  endpoints: (builder) => ({
    workList: builder.query<WorkList, void>({
      query: () => read('work-list'),
      transformResponse: unwrap<WorkList>,
      providesTags: ['BackOffice'],
    }),
    orderFile: builder.query<OrderFile, string>({
      query: (id) => read(`orders/${id}`),
      transformResponse: unwrap<OrderFile>,
      providesTags: ['BackOffice'],
    }),
    refundFile: builder.query<RefundFile, string>({
      query: (id) => read(`refunds/${id}`),
      transformResponse: unwrap<RefundFile>,
      providesTags: ['BackOffice'],
    }),
    stockFile: builder.query<StockFile, string>({
      query: (id) => read(`stock/${id}`),
      transformResponse: unwrap<StockFile>,
      providesTags: ['BackOffice'],
    }),
    shipOrder: builder.mutation<unknown, { id: string; company: string; trackingNumber: string }>({
      query: ({ id, ...data }) => press(`orders/${id}/ship`, data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    cancelOrder: builder.mutation<unknown, { id: string; reason: string }>({
      query: ({ id, ...data }) => press(`orders/${id}/cancel`, data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    approveRefund: builder.mutation<unknown, { id: string; reason?: string; isGoodsReturned: boolean }>({
      query: ({ id, ...data }) => press(`refunds/${id}/approve`, data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    rejectRefund: builder.mutation<unknown, { id: string; reason: string }>({
      query: ({ id, ...data }) => press(`refunds/${id}/reject`, data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    startRefund: builder.mutation<
      unknown,
      { id: string; reason: string; amount?: number; isGoodsReturned: boolean }
    >({
      query: ({ id, ...data }) => press(`orders/${id}/refund`, data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    retryRefund: builder.mutation<unknown, string>({
      query: (id) => press(`refunds/${id}/retry`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    syncRefund: builder.mutation<unknown, string>({
      query: (id) => press(`refunds/${id}/sync`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    syncPayment: builder.mutation<unknown, string>({
      query: (id) => press(`payments/${id}/sync`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    returnPayment: builder.mutation<unknown, string>({
      query: (id) => press(`payments/${id}/return`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    // Not `Document`: the product's form may hold changes that are not saved yet.
    adjustStock: builder.mutation<unknown, { id: string; delta?: number; onHand?: number; reason: string }>({
      query: ({ id, ...data }) => press(`stock/${id}/adjust`, data),
      invalidatesTags: ['BackOffice'],
    }),
    replayMessage: builder.mutation<unknown, string>({
      query: (id) => press(`messages/${id}/replay`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    replayTopic: builder.mutation<unknown, string>({
      query: (id) => press(`messages/${id}/replay-topic`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
  }),
});

export const {
  useWorkListQuery,
  useOrderFileQuery,
  useRefundFileQuery,
  useStockFileQuery,
  useShipOrderMutation,
  useCancelOrderMutation,
  useApproveRefundMutation,
  useRejectRefundMutation,
  useStartRefundMutation,
  useRetryRefundMutation,
  useSyncRefundMutation,
  useSyncPaymentMutation,
  useReturnPaymentMutation,
  useAdjustStockMutation,
  useReplayMessageMutation,
  useReplayTopicMutation,
} = api;
