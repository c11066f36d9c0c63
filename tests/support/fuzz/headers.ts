import type { Dice } from '../seeds';

/** None, or one or two that are odd. */
export function anyHeaders(dice: Dice): Record<string, string> {
  const odd: Record<string, string>[] = [
    { 'Accept-Language': 'en' },
    { 'Accept-Language': 'zh-CN,en;q=0.5' },
    { 'Accept-Language': ';;q=x,*' },
    {
      'Content-Type': dice.pick([
        'text/plain',
        'application/',
        '*/*',
        'multipart/form-data',
        'application/json; charset=x',
        'application/vnd.api+json',
      ]),
    },
    { 'Content-Encoding': dice.pick(['gzip', 'br', 'x']) },
    {
      'Idempotency-Key': dice.pick(['short', 'k'.repeat(200), 'a-good-key-00', `fuzz-${dice.int(1e6)}-key`]),
    },
    { 'X-Request-Id': dice.pick(['<script>', 'x'.repeat(300), 'fine-1']) },
    { 'If-None-Match': dice.pick(['*', 'W/"x"', '"', '\u00e9']) },
    { Range: dice.pick(['bytes=0-9999999999', 'bytes=-', 'x']) },
    { Prefer: dice.pick(['respond-async', 'respond-async; wait=1e400', ',']) },
    { Origin: dice.pick(['null', 'https://evil.example', 'x']) },
    {
      Cookie: dice.pick([
        'koa.sess=x; koa.sess.sig=y',
        'jwtToken=a.b.c',
        '=; ;;',
        'strapi_admin_refresh=x.y.z',
      ]),
    },
    { Accept: dice.pick(['text/html', 'x', '*/*;q=x']) },
    { 'X-Forwarded-For': "1' or 1=1, ::::" },
    { 'X-HTTP-Method-Override': 'DELETE' },
    { 'strapi-response-format': 'v4' },
    { Expect: 'nothing' },
  ];
  const headers = dice.once(2) ? {} : { ...dice.pick(odd), ...dice.pick(odd) };
  return headers;
}
