import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import supertest from 'supertest';

import { startApp, type TestApp } from '../support/app';
import { PROJECT_ROOT } from '../support/boot';
import { panelUser, type PanelUser } from '../support/factories/panel';

const UPLOADS = join(PROJECT_ROOT, 'public/uploads');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
const SCRIPT = '<script>fetch("/admin/users")</script>';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const MP4 = Buffer.concat([
  Buffer.from([0, 0, 0, 0x18]),
  Buffer.from('ftypisom\0\0\0\0isommp42'),
  Buffer.alloc(64),
]);

describe('the media library', () => {
  let app: TestApp;
  let merchant: PanelUser;
  const before = new Set(readdirSync(UPLOADS));

  beforeAll(async () => {
    app = await startApp();
    merchant = await panelUser(app, 'merchant');
  });
  afterAll(async () => {
    await app?.stop();
    for (const name of readdirSync(UPLOADS)) if (!before.has(name)) rmSync(join(UPLOADS, name));
  });

  const send = (path: string, content: Buffer | string, filename: string, contentType: string) =>
    merchant.call('post', path).attach('files', Buffer.from(content), { filename, contentType });
  const get = (path: string) => supertest(app.url).get(path);

  it.each([
    ['a picture', PNG, 'a.png', 'image/png'],
    ['a picture in capitals', PNG, 'A.PNG', 'image/png'],
    ['a picture whose type is not named', PNG, 'b.png', 'application/octet-stream'],
    ['a PDF', PDF, 'manual.pdf', 'application/pdf'],
    ['a video', MP4, 'film.mp4', 'video/mp4'],
  ])('takes %s', async (_name, content, filename, type) => {
    const answer = await send('/upload', content, filename, type);
    expect([answer.status, answer.body.error?.message]).toEqual([201, undefined]);
    const single = await send('/upload/files', content, filename, type);
    expect(single.status).toBe(201);
  });

  const REFUSED: [name: string, content: Buffer | string, filename: string, type: string][] = [
    ['a page', SCRIPT, 'x.html', 'text/html'],
    ['a script', 'alert(1)', 'x.js', 'text/javascript'],
    [
      'a drawing with a script',
      `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`,
      'x.svg',
      'image/svg+xml',
    ],
    ['a page that says it is a picture', SCRIPT, 'x.html', 'image/png'],
    ['a page named like a picture', SCRIPT, 'x.png', 'image/png'],
    ['a page named like a picture, of no type', SCRIPT, 'x.png', 'application/octet-stream'],
    ['a page that begins like a picture', Buffer.concat([PNG, Buffer.from(SCRIPT)]), 'x.html', 'image/png'],
    ['a picture named like a script', PNG, 'x.js', 'image/png'],
    ['a picture with two endings', PNG, 'x.png.html', 'image/png'],
    [
      'a drawing named like a picture',
      `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`,
      'x.png',
      'image/png',
    ],
    ['a picture named like a PDF', PNG, 'x.pdf', 'application/pdf'],
    ['a picture without an ending', PNG, 'x', 'image/png'],
    ['an archive', Buffer.from('504b0304140000000000', 'hex'), 'x.zip', 'application/zip'],
    ['a text', 'hello', 'x.txt', 'text/plain'],
    ['nothing', '', 'x.png', 'image/png'],
  ];
  it.each(REFUSED)('refuses %s', async (_name, content, filename, type) => {
    const files = readdirSync(UPLOADS).length;
    for (const path of ['/upload', '/upload/files', '/Upload']) {
      const answer = await send(path, content, filename, type);
      expect([path, answer.status]).toEqual([path, 400]);
    }
    expect(readdirSync(UPLOADS)).toHaveLength(files);
  });

  it('says what it takes, in both languages', async () => {
    const answer = await send('/upload', SCRIPT, 'x.png', 'image/png');
    expect(answer.body.error.message).toMatch(/只能上传图片.*Only pictures/);
  });

  it('replaces a file by one of the same kind only', async () => {
    const { body } = await send('/upload', PNG, 'old.png', 'image/png');
    const id = body[0].id as number;
    for (const [content, filename, type, status] of [
      [PNG, 'new.png', 'image/png', 200],
      [PDF, 'new.pdf', 'application/pdf', 400],
      [SCRIPT, 'new.png', 'image/png', 400],
    ] as const) {
      for (const path of [`/upload?id=${id}`, `/upload/files/${id}/replace`]) {
        const answer = await send(path, content, filename, type);
        expect([path, filename, answer.status]).toEqual([path, filename, status]);
      }
    }
  });

  it('takes no file through the REST routes, whoever sends it', async () => {
    for (const path of ['/api/v1/upload', '/API/v1/Upload']) {
      const answer = await send(path, PNG, 'a.png', 'image/png');
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
    }
  });

  it('refuses a file larger than it takes', async () => {
    const answer = await send(
      '/upload',
      Buffer.concat([PNG, Buffer.alloc(20 * 1024 * 1024)]),
      'big.png',
      'image/png',
    );
    expect(answer.status).toBe(413);
  });

  it('serves what it took as what it is, and lets it run nothing', async () => {
    const { body } = await send('/upload', PNG, 'served.png', 'application/octet-stream');
    expect(body[0]).toMatchObject({ mime: 'image/png', ext: '.png' });
    const picture = await get(body[0].url as string);
    expect(picture.status).toBe(200);
    expect(picture.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
    });
    expect(picture.headers['content-disposition']).toBeUndefined();
    const pdf = await send('/upload', PDF, 'served.pdf', 'application/pdf');
    expect((await get(pdf.body[0].url as string)).headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment',
    });
  });

  it.each(['html', 'js', 'svg', 'xml', 'xhtml'])(
    'hands over a .%s of earlier days to be saved, not run',
    async (ending) => {
      const name = `earlier-${randomBytes(4).toString('hex')}.${ending}`;
      writeFileSync(join(UPLOADS, name), SCRIPT);
      for (const path of [
        `/uploads/${name}`,
        `/uploads/./${name}`,
        `/uploads/x/../${name}`,
        `/uploads/%2e/${name}`,
      ]) {
        const answer = await get(path);
        if (answer.status === 404) continue;
        expect([path, answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([
          path,
          'application/octet-stream',
          'attachment',
        ]);
        expect(answer.headers['content-security-policy']).toMatch(/sandbox/);
      }
      expect((await get(`/uploads/${name}`)).status).toBe(200);
      // The other door to the same folder.
      for (const path of [
        `//uploads/${name}`,
        `/Uploads/${name}`,
        `/uploads%2f${name}`,
        `/x/..%2fuploads/${name}`,
      ]) {
        const answer = await get(path);
        expect([
          path,
          answer.text?.includes(SCRIPT) === true &&
            answer.headers['content-type'] !== 'application/octet-stream',
        ]).toEqual([path, false]);
      }
    },
  );
});
