/** Whether anybody is at an address: name, connection and certificate, without saying anything. */
import net from 'node:net';
import tls from 'node:tls';

import type { Sentence } from '../domain/refusal';

/** Why nobody can be reached at an address, in words. */
export class AddressProblem extends Error {
  constructor(readonly sentence: Sentence) {
    super(sentence.en);
    this.name = 'AddressProblem';
  }
}

const TIMEOUT_MS = 5_000;
const PORTS: Record<string, number> = { 'https:': 443, 'http:': 80 };

const WORDS: Record<string, Sentence> = {
  ENOTFOUND: { zh: '域名无法解析，请检查地址', en: 'the name cannot be resolved; check the address' },
  EAI_AGAIN: { zh: '域名暂时无法解析，请检查服务器的 DNS', en: 'the name cannot be resolved now; check DNS' },
  ECONNREFUSED: { zh: '对方拒绝连接，请检查端口', en: 'the connection is refused; check the port' },
  ECONNRESET: { zh: '连接被对方断开', en: 'the connection was reset' },
  EHOSTUNREACH: { zh: '网络不可达，请检查服务器的网络', en: 'there is no way to it; check the network' },
  ENETUNREACH: { zh: '网络不可达，请检查服务器的网络', en: 'there is no way to it; check the network' },
  TIMEOUT: {
    zh: '连接超时，请检查防火墙，或服务器 IP 是否已加入对方白名单',
    en: 'it does not answer; check the firewall, and whether this server’s IP is listed there',
  },
};
const CERTIFICATE: Sentence = { zh: '证书不受信任', en: 'its certificate is not trusted' };

function wordsFor(code: string): Sentence {
  const known = WORDS[code];
  if (known !== undefined) return known;
  if (/CERT|TLS|SSL|VERIFY|SIGNED/.test(code)) return CERTIFICATE;
  return { zh: '无法连接', en: 'it cannot be reached' };
}

function problem(host: string, error: NodeJS.ErrnoException): AddressProblem {
  const code = error.code ?? 'unknown';
  const { zh, en } = wordsFor(code);
  return new AddressProblem({ zh: `${host}：${zh}（${code}）`, en: `${host}: ${en} (${code})` });
}

function connect({ protocol, hostname, port }: URL): net.Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: port === '' ? (PORTS[protocol] ?? 0) : Number(port) };
  if (protocol !== 'https:') return net.connect(to);
  return tls.connect({ ...to, ...(net.isIP(host) === 0 && { servername: host }) });
}

/** Resolves when somebody takes the connection (and proves who it is, with https). Throws AddressProblem. */
export function probeAddress(address: string, timeoutMs = TIMEOUT_MS): Promise<void> {
  const url = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(url);
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    const fail = (error: NodeJS.ErrnoException): void => end(() => reject(problem(url.host, error)));
    socket.setTimeout(timeoutMs, () => fail(Object.assign(new Error(), { code: 'TIMEOUT' })));
    socket.once('error', fail);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => end(resolve));
  });
}
