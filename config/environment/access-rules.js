"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.accessProblems = void 0;
/** Who may come near: proxies that are believed, origins that may call, the first accounts. */
const node_net_1 = require("node:net");
const ADDRESS_BITS = { 4: 32, 6: 128 };
function isProxyEntry(entry) {
    if (entry === 'loopback')
        return true;
    const [address = '', prefix, ...rest] = entry.split('/');
    const bits = ADDRESS_BITS[(0, node_net_1.isIP)(address)];
    if (bits === undefined || rest.length > 0)
        return false;
    return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}
function proxyProblems({ TRUST_PROXY: entries }) {
    const isHops = entries.length === 1 && /^\d{1,2}$/.test(entries[0] ?? '');
    if (isHops || entries.every(isProxyEntry))
        return [];
    return [
        {
            name: 'TRUST_PROXY',
            message: 'must be addresses, subnets (10.0.0.0/8) or loopback, comma-separated, or one number of hops',
        },
    ];
}
const isOrigin = (value) => value === '*' || (URL.canParse(value) && new URL(value).origin === value.toLowerCase());
function originProblems({ CORS_ORIGINS: origins }) {
    const wrong = origins.filter((origin) => !isOrigin(origin));
    if (wrong.length === 0)
        return [];
    return [
        { name: 'CORS_ORIGINS', message: `must be origins like https://shop.example.com, not ${wrong[0]}` },
    ];
}
const FIRST_ACCOUNTS = [
    ['FIRST_ADMIN_EMAIL', 'FIRST_ADMIN_PASSWORD'],
    ['FIRST_STAFF_USERNAME', 'FIRST_STAFF_PASSWORD'],
];
const MIN_PASSWORD_LENGTH = 8;
/** bcrypt reads no further. */
const MAX_PASSWORD_BYTES = 72;
function accountProblems(environment) {
    const problems = [];
    for (const [name, password] of FIRST_ACCOUNTS) {
        const [account, secret] = [environment[name], environment[password]];
        if (account === undefined && secret !== undefined)
            problems.push({ name, message: `is not set, and ${password} is` });
        if (account !== undefined && secret === undefined)
            problems.push({ name: password, message: `is not set, and ${name} is` });
        if (secret !== undefined &&
            (secret.length < MIN_PASSWORD_LENGTH || Buffer.byteLength(secret) > MAX_PASSWORD_BYTES))
            problems.push({
                name: password,
                message: `must have at least ${MIN_PASSWORD_LENGTH} characters and at most ${MAX_PASSWORD_BYTES} bytes`,
            });
    }
    const email = environment.FIRST_ADMIN_EMAIL;
    if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
        problems.push({ name: 'FIRST_ADMIN_EMAIL', message: 'is not an e-mail address' });
    return problems;
}
/** What is wrong with them; empty when nothing is. */
const accessProblems = (environment) => [
    ...proxyProblems(environment),
    ...originProblems(environment),
    ...accountProblems(environment),
];
exports.accessProblems = accessProblems;
