import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from './refusal.mjs';

const LONGEST_WAIT_S = 70;

/**
 * Calls JSON over HTTP as the mini-program does. The answer is `{ status, body, ms }`; a status that was not `expect`ed is a Refusal
 * with the shop's own code and message. A 429 is waited out as its Retry-After says.
 */
export async function call(method, url, { token, body, headers = {}, expect }) {
  const started = Date.now();
  const response = await send(
    method,
    url,
    {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body,
  );
  const answer = await readJson(response);
  if (response.status === 429) {
    const seconds = Math.min(Number(response.headers.get('retry-after')) || 1, LONGEST_WAIT_S);
    console.log(`  … 请求过多，按要求等待 ${seconds} 秒。 Rate-limited, waiting ${seconds} s as told.`);
    await sleep(seconds * 1000);
    return call(method, url, { token, body, headers, expect });
  }
  if (![expect].flat().includes(response.status)) {
    const code = answer?.error?.details?.code ?? '';
    const message = answer?.error?.message ?? answer?.error ?? '';
    const where = `${method} ${new URL(url).pathname}`;
    throw new Refusal(
      `${where} 返回 ${response.status} ${code} ${message}`,
      `(${[expect].flat().join('/')} was expected)`,
    );
  }
  return { status: response.status, body: answer, ms: Date.now() - started };
}

async function send(method, url, headers, body) {
  try {
    return await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    const reason = error.cause?.code ?? error.name;
    throw new Refusal(
      `无法连接 ${new URL(url).origin}（${reason}）。`,
      `${new URL(url).origin} cannot be reached (${reason}).`,
    );
  }
}

async function readJson(response) {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
