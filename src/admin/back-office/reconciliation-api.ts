import { adminApi } from '@strapi/strapi/admin';

export interface RunFile {
  documentId: string;
  billDate: string;
  status: string;
  openCount: number;
  differenceCount: number;
  paymentCount: number | null;
  paymentAmount: number | null;
  refundCount: number | null;
  refundAmount: number | null;
  error: string | null;
  finishedAt: string | null;
}

export interface DifferenceFile {
  documentId: string;
  billDate: string;
  kind: string;
  status: string;
  ourStatus: string | null;
  theirStatus: string | null;
  ourAmount: number | null;
  theirAmount: number | null;
  payment: string | null;
  refund: string | null;
  mend: 'ask_payment' | 'ask_refund' | 'return_surplus' | null;
  note: string | null;
}

export interface ReconciliationDesk {
  openDifferences: number;
  runs: RunFile[];
}

const unwrap = <T>(answer: { data: T }): T => answer.data;
const URL = '/back-office/reconciliation';
const press = (path: string, data: object) => ({ url: `${URL}/${path}`, method: 'POST' as const, data });

const api = adminApi.enhanceEndpoints({ addTagTypes: ['Document', 'BackOffice'] }).injectEndpoints({
  endpoints: (builder) => ({
    reconciliationDesk: builder.query<ReconciliationDesk, void>({
      query: () => ({ url: URL, method: 'GET' }),
      transformResponse: unwrap<ReconciliationDesk>,
      providesTags: ['BackOffice'],
    }),
    differenceFile: builder.query<DifferenceFile, string>({
      query: (id) => ({ url: `${URL}/differences/${id}`, method: 'GET' }),
      transformResponse: unwrap<DifferenceFile>,
      providesTags: ['BackOffice'],
    }),
    reconciliationRun: builder.query<RunFile, string>({
      query: (id) => ({ url: `${URL}/runs/${id}`, method: 'GET' }),
      transformResponse: unwrap<RunFile>,
      providesTags: ['BackOffice'],
    }),
    startReconciliation: builder.mutation<unknown, { billDate: string }>({
      query: (data) => press('runs', data),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    mendDifference: builder.mutation<unknown, string>({
      query: (id) => press(`differences/${id}/mend`, {}),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
    ignoreDifference: builder.mutation<unknown, { id: string; note: string }>({
      query: ({ id, note }) => press(`differences/${id}/ignore`, { note }),
      invalidatesTags: ['BackOffice', 'Document'],
    }),
  }),
});

export const {
  useReconciliationDeskQuery,
  useDifferenceFileQuery,
  useReconciliationRunQuery,
  useStartReconciliationMutation,
  useMendDifferenceMutation,
  useIgnoreDifferenceMutation,
} = api;
