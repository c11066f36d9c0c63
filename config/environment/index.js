"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.SettingsError = void 0;
exports.readSettings = readSettings;
exports.settings = settings;
/**
 * The one place that reads `process.env`. A folder, not `config/environment.ts`: Strapi loads every file in
 * `config/` as configuration of its own and warns about this name.
 */
const haier_1 = require("./haier");
const keys_1 = require("./keys");
const schema_1 = require("./schema");
const rules_1 = require("./rules");
/** Thrown at start with everything that is wrong, so that one look at the log is enough. */
class SettingsError extends Error {
    problems;
    constructor(problems) {
        const lines = problems.map(({ name, message }) => `  - ${name} ${message}`);
        super(`The settings are not right (see .env.example):\n${lines.join('\n')}`);
        this.problems = problems;
        this.name = 'SettingsError';
    }
}
exports.SettingsError = SettingsError;
/** A key that `findSettingProblems` has found right. */
function checkedKey(raw, name) {
    const key = (0, keys_1.readKey)(raw, name);
    if (typeof key !== 'string')
        throw new SettingsError([key]);
    return key;
}
function resolveWechatPay(raw, publicUrl) {
    if (raw.WECHAT_PAY_MCH_ID === undefined)
        return undefined;
    return {
        mchId: raw.WECHAT_PAY_MCH_ID,
        serialNo: raw.WECHAT_PAY_SERIAL_NO ?? '',
        privateKeyPem: checkedKey(raw, 'WECHAT_PAY_PRIVATE_KEY'),
        apiV3Key: raw.WECHAT_PAY_API_V3_KEY ?? '',
        publicKeyId: raw.WECHAT_PAY_PUBLIC_KEY_ID ?? '',
        publicKeyPem: checkedKey(raw, 'WECHAT_PAY_PUBLIC_KEY'),
        baseUrl: raw.WECHAT_PAY_BASE_URL ?? 'https://api.mch.weixin.qq.com',
        // Refund results go to the same address with `-refund` added, which a slash at the end would turn into another one.
        notifyUrl: (raw.WECHAT_PAY_NOTIFY_URL ?? `${publicUrl}/api/v1/payments/notify/wechat`).replace(/\/+$/, ''),
    };
}
/** One entry for each name, in the order they came in. */
function mergeByName(problems) {
    const messages = new Map();
    for (const { name, message } of problems)
        messages.set(name, (messages.get(name) ?? new Set()).add(message));
    return [...messages].map(([name, all]) => ({ name, message: [...all].join('; ') }));
}
/** The variables with those left out that are wrong by themselves, so that their defaults stand in for them. */
function withoutWrong(variables, wrong) {
    const isLeftOut = (name) => 
    // Beside the default of the one, the other may look too large.
    wrong.has(name) || (name === 'DATABASE_POOL_MIN' && wrong.has('DATABASE_POOL_MAX'));
    return Object.fromEntries(Object.entries(variables).filter(([name]) => !isLeftOut(name)));
}
/** The checked variables. Throws SettingsError with what is wrong with each alone and with all together. */
function readRaw(variables) {
    const parsed = schema_1.environmentSchema.safeParse(variables);
    const wrongAlone = (parsed.error?.issues ?? []).map(({ path, message }) => ({
        name: path.join('.'),
        message,
    }));
    const wrong = new Set(wrongAlone.map(({ name }) => name));
    const raw = parsed.success ? parsed.data : schema_1.environmentSchema.parse(withoutWrong(variables, wrong));
    const wrongTogether = (0, rules_1.findSettingProblems)(raw).filter(({ name }) => !wrong.has(name));
    const problems = mergeByName([...wrongAlone, ...wrongTogether]);
    if (problems.length > 0)
        throw new SettingsError(problems);
    return raw;
}
/**
 * Checks a set of variables and returns the settings. Pure but for reading PEM files.
 * Throws SettingsError with the whole list of what is wrong.
 */
function readSettings(variables) {
    const raw = readRaw(variables);
    const publicUrl = (raw.PUBLIC_URL ?? `http://${raw.HOST}:${raw.PORT}`).replace(/\/+$/, '');
    const isProduction = raw.NODE_ENV === 'production';
    const sandbox = raw.SANDBOX ?? (raw.NODE_ENV === 'development' && raw.WECHAT_APP_ID === undefined);
    return {
        ...raw,
        ...sandboxLimits(sandbox, variables),
        PUBLIC_URL: publicUrl,
        SANDBOX: sandbox,
        SEED_DEMO: raw.SEED_DEMO ?? sandbox,
        LOG_FORMAT: raw.LOG_FORMAT ?? (isProduction ? 'json' : 'text'),
        isProduction,
        wechatLogin: raw.WECHAT_APP_ID === undefined
            ? undefined
            : {
                appId: raw.WECHAT_APP_ID,
                appSecret: raw.WECHAT_APP_SECRET ?? '',
                baseUrl: raw.WECHAT_API_BASE_URL ?? 'https://api.weixin.qq.com',
            },
        wechatPay: resolveWechatPay(raw, publicUrl),
        haierIntegration: (0, haier_1.resolveHaier)(raw),
        plainHttpVariables: (0, haier_1.plainHttpVariables)(raw),
    };
}
const LIMIT_NAMES = [
    'RATE_LIMIT_ANONYMOUS',
    'RATE_LIMIT_USER',
    'RATE_LIMIT_LOGIN',
    'RATE_LIMIT_PAYMENT',
];
/** Whoever develops against the sandbox reloads a page more often than a shopper; limits are on when they are set. */
function sandboxLimits(sandbox, variables) {
    const unset = LIMIT_NAMES.filter((name) => (variables[name] ?? '').trim() === '');
    return sandbox ? Object.fromEntries(unset.map((name) => [name, 0])) : {};
}
let cached;
/** The settings of this process, read once. */
function settings() {
    cached ??= readSettings(process.env);
    return cached;
}
