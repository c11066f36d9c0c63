"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.plainHttpVariables = exports.HAIER_VARIABLES = void 0;
exports.resolveHaier = resolveHaier;
exports.haierProblems = haierProblems;
/** Which variable stands for which field of which part of the page. */
exports.HAIER_VARIABLES = {
    haier: {
        HAIER_BASE_URL: 'baseUrl',
        HAIER_TOKEN_URL: 'tokenUrl',
        HAIER_AUTH_SCHEME: 'authScheme',
        HAIER_CLIENT_ID: 'clientId',
        HAIER_CLIENT_SECRET: 'clientSecret',
        HAIER_CUSTOMER_CODE: 'customerCode',
        HAIER_SEND_TO_CODE: 'sendToCode',
        HAIER_SUPPLIER_CODE: 'supplierCode',
        HAIER_PASSWORD: 'password',
        HAIER_SELLER_PASSWORD: 'sellerPassword',
        HAIER_CUSTOMER_PASSWORD: 'customerPassword',
    },
    ylh: {
        YLH_AUTH_URL: 'authUrl',
        YLH_ORDER_BASE_URL: 'orderBaseUrl',
        YLH_RETAIL_BASE_URL: 'retailBaseUrl',
        YLH_STOCK_BASE_URL: 'stockBaseUrl',
        YLH_USERNAME: 'username',
        YLH_PASSWORD: 'password',
        YLH_CLIENT_ID: 'clientId',
        YLH_CLIENT_SECRET: 'clientSecret',
        YLH_SOURCE_SYSTEM: 'sourceSystem',
        YLH_SHOP_NAME: 'shopName',
        YLH_SELLER_CODE: 'sellerCode',
    },
    callback: {
        YLH_CALLBACK_APP_KEY: 'appKey',
        YLH_CALLBACK_SECRET: 'secret',
        YLH_CALLBACK_MAX_SKEW_SECONDS: 'maxSkewSeconds',
    },
    policy: { HAIER_FAILURE_POLICY: 'onRefusal' },
};
/** What is set, by part and field; nothing for what is not. */
function resolveHaier(raw) {
    return Object.fromEntries(Object.entries(exports.HAIER_VARIABLES).map(([part, variables]) => [
        part,
        Object.fromEntries(Object.entries(variables).flatMap(([name, field]) => {
            const value = raw[name];
            return value === undefined ? [] : [[field, value]];
        })),
    ]));
}
/** YLH publishes plain http addresses for these hosts, also for production (its interface description, section 2). */
const YLH_HOSTS = ['www.yilihuo.com', 'pre.yilihuo.com', 'dev.ylhtest.com'];
const HAIER_URLS = ['HAIER_BASE_URL', 'HAIER_TOKEN_URL'];
const YLH_URLS = ['YLH_AUTH_URL', 'YLH_ORDER_BASE_URL', 'YLH_RETAIL_BASE_URL', 'YLH_STOCK_BASE_URL'];
const isHttp = (address) => new URL(address).protocol === 'http:';
const isYlhHost = (address) => YLH_HOSTS.includes(new URL(address).hostname);
/** Addresses that production may not use. */
function haierProblems(raw) {
    if (raw.NODE_ENV !== 'production')
        return [];
    return [...HAIER_URLS, ...YLH_URLS].flatMap((name) => {
        const value = raw[name];
        if (value === undefined || !isHttp(value))
            return [];
        if (YLH_URLS.includes(name) && isYlhHost(value))
            return [];
        return [{ name, message: 'must be an https address' }];
    });
}
/** Names of the variables whose address is plain http, which is allowed and worth a word at start. */
const plainHttpVariables = (raw) => YLH_URLS.filter((name) => {
    const value = raw[name];
    return value !== undefined && isHttp(value) && isYlhHost(value);
});
exports.plainHttpVariables = plainHttpVariables;
