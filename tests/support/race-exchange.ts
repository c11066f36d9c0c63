import { request, type RequestOptions } from 'node:http';

import type { RaceAnswer } from './race-shop';

/** One request and its answer. A connection the server closed while it lay idle is not the server's word: try again. */
export function exchange(
  url: string,
  options: RequestOptions,
  body: unknown,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => (text += part));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (call.reusedSocket && error.code === 'ECONNRESET')
        exchange(url, options, body).then(resolve, reject);
      else reject(error);
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** The body of an answer; what is no JSON as `text`. */
export function parseAnswer(text: string): RaceAnswer['body'] {
  try {
    return JSON.parse(text) as RaceAnswer['body'];
  } catch {
    return { text };
  }
}
