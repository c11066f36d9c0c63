import { adminApi } from '@strapi/strapi/admin';

import type {
  CallDetails,
  CallLine,
  ConnectionTest,
  DeadMessage,
  HaierOrder,
  HaierOrders,
  Listed,
  Mapping,
  Mappings,
  Overview,
  SettingsAnswer,
  SettingsPatch,
  SyncKind,
  SyncRun,
  System,
} from './api-types';

/** The panel's own language; what the browser would send is the browser's. */
const inPanelLanguage = () => ({ 'Accept-Language': document.documentElement.lang });

type Params = Record<string, string | number | undefined>;

const unwrap = <T>(answer: { data: T }): T => answer.data;
const read = (path: string, params: Params = {}) => ({
  url: `/haier-integration/${path}`,
  method: 'GET' as const,
  config: {
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
    headers: inPanelLanguage(),
  },
});
const send = (path: string, data: object = {}, method: 'POST' | 'PUT' = 'POST') => ({
  url: `/haier-integration/${path}`,
  method,
  data,
  config: { headers: inPanelLanguage() },
});

/** What a button about an order needs to know. */
export interface OrderPress {
  id: string;
  action: string;
  body?: object;
}

/** The plugin's own calls. What a button changes is read again; an order's buttons also change the form beside it. */
const api = adminApi
  .enhanceEndpoints({
    addTagTypes: [
      'Document',
      'HaierOverview',
      'HaierSync',
      'HaierOrder',
      'HaierSetting',
      'HaierMapping',
      'HaierMessage',
    ],
  })
  .injectEndpoints({
    endpoints: (builder) => ({
      haierOverview: builder.query<Overview, void>({
        query: () => read('overview'),
        transformResponse: unwrap<Overview>,
        providesTags: ['HaierOverview'],
      }),
      haierSyncs: builder.query<Listed<SyncRun>, Params>({
        query: (params) => read('syncs', params),
        providesTags: ['HaierSync'],
      }),
      haierSync: builder.query<SyncRun, number>({
        query: (id) => read(`syncs/${id}`),
        transformResponse: unwrap<SyncRun>,
        providesTags: ['HaierSync'],
      }),
      startHaierSync: builder.mutation<
        unknown,
        { kind: SyncKind; productCodes?: string[]; allowsDrop?: boolean }
      >({
        query: (body) => send('syncs', body),
        invalidatesTags: ['HaierSync', 'HaierOverview'],
      }),
      cancelHaierSync: builder.mutation<unknown, number>({
        query: (id) => send(`syncs/${id}/cancel`),
        invalidatesTags: ['HaierSync', 'HaierOverview'],
      }),
      haierOrders: builder.query<HaierOrders, Params>({
        query: (params) => read('orders', params),
        providesTags: ['HaierOrder'],
      }),
      haierOrder: builder.query<HaierOrder, string>({
        query: (id) => read(`orders/${id}`),
        transformResponse: unwrap<HaierOrder>,
        providesTags: ['HaierOrder'],
      }),
      pressHaierOrder: builder.mutation<unknown, OrderPress>({
        query: ({ id, action, body }) => send(`orders/${id}/${action}`, body),
        invalidatesTags: ['HaierOrder', 'HaierOverview', 'Document'],
      }),
      haierCalls: builder.query<Listed<CallLine>, Params>({ query: (params) => read('calls', params) }),
      haierCall: builder.query<CallDetails, number>({
        query: (id) => read(`calls/${id}`),
        transformResponse: unwrap<CallDetails>,
      }),
      haierMessages: builder.query<Listed<DeadMessage>, Params>({
        query: (params) => read('messages', params),
        providesTags: ['HaierMessage'],
      }),
      replayHaierMessage: builder.mutation<unknown, string>({
        query: (id) => send(`messages/${id}/replay`),
        invalidatesTags: ['HaierMessage', 'HaierOverview', 'HaierOrder'],
      }),
      haierMappings: builder.query<Mappings, Params>({
        query: (params) => read('mappings', params),
        providesTags: ['HaierMapping'],
      }),
      saveHaierMappings: builder.mutation<unknown, Pick<Mapping, 'kind' | 'haierName' | 'target'>[]>({
        query: (mappings) => send('mappings', { mappings }, 'PUT'),
        invalidatesTags: ['HaierMapping'],
      }),
      haierSettings: builder.query<SettingsAnswer, void>({
        query: () => read('settings'),
        providesTags: ['HaierSetting'],
      }),
      saveHaierSettings: builder.mutation<SettingsAnswer, SettingsPatch>({
        query: (patch) => send('settings', patch, 'PUT'),
        invalidatesTags: ['HaierSetting', 'HaierOverview'],
      }),
      testHaierConnection: builder.mutation<ConnectionTest, { system: System; settings?: SettingsPatch }>({
        query: (body) => send('settings/test', body),
        transformResponse: (answer: ConnectionTest | { data: ConnectionTest }) =>
          'data' in answer ? answer.data : answer,
      }),
    }),
  });

export const {
  useHaierOverviewQuery,
  useHaierSyncsQuery,
  useHaierSyncQuery,
  useStartHaierSyncMutation,
  useCancelHaierSyncMutation,
  useHaierOrdersQuery,
  useHaierOrderQuery,
  usePressHaierOrderMutation,
  useHaierCallsQuery,
  useHaierCallQuery,
  useHaierMessagesQuery,
  useReplayHaierMessageMutation,
  useHaierMappingsQuery,
  useSaveHaierMappingsMutation,
  useHaierSettingsQuery,
  useSaveHaierSettingsMutation,
  useTestHaierConnectionMutation,
} = api;
