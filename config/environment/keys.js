"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.readKey = readKey;
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
function isRsaKey(name, pem) {
    // `createPublicKey` would take the public half out of a private key, which has no business in that setting.
    if (name === 'WECHAT_PAY_PUBLIC_KEY' && pem.includes('PRIVATE KEY'))
        return false;
    try {
        const key = name === 'WECHAT_PAY_PRIVATE_KEY' ? (0, node_crypto_1.createPrivateKey)(pem) : (0, node_crypto_1.createPublicKey)(pem);
        return key.asymmetricKeyType === 'rsa';
    }
    catch {
        return false;
    }
}
/** The PEM text of a key, from its variable or its file, or what is wrong with it. */
function readKey(environment, name) {
    const inline = environment[name];
    const path = environment[`${name}_PATH`];
    if (inline === undefined && path === undefined)
        return { name, message: `is not set (PEM text here, or a file in ${name}_PATH)` };
    let pem;
    try {
        // One-line PEM texts come from systems that cannot hold line breaks in a variable.
        pem = inline === undefined ? (0, node_fs_1.readFileSync)(path ?? '', 'utf8') : inline.replaceAll('\\n', '\n');
    }
    catch {
        return { name: `${name}_PATH`, message: `names a file that cannot be read: ${path}` };
    }
    if (isRsaKey(name, pem))
        return pem;
    const kind = name === 'WECHAT_PAY_PRIVATE_KEY' ? 'private' : 'public';
    return {
        name: inline === undefined ? `${name}_PATH` : name,
        message: `is not an RSA ${kind} key in PEM form`,
    };
}
