import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import supertest from 'supertest';

import { compiled, startApp, type TestApp } from '../support/app';
import { outside, PROJECT_ROOT } from '../support/boot';
import { documents, makeProduct, PRODUCT_UID } from '../support/factories/catalogue';
import { panelUser, type PanelUser } from '../support/factories/panel';
import { type S3Server, startS3Server } from '../support/s3-server';

const CDN = 'https://cdn.shop.example.com/pictures';
const SCRIPT = '<script>alert(1)</script>';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const LONG_FILM = Buffer.concat([
  Buffer.from([0, 0, 0, 0x18]),
  Buffer.from('ftypisom\0\0\0\0isommp42'),
  randomBytes(11 * 1024 * 1024),
]);

interface FileRow {
  id: number;
  name: string;
  hash: string;
  url: string;
  mime: string;
  ext: string;
  provider: string;
  formats: Record<string, { url: string; hash: string }> | null;
}

const sharp = () => outside<typeof import('sharp').default>('sharp');
const picture = (width: number, height = width): Promise<Buffer> =>
  sharp()({ create: { width, height, channels: 3, background: '#c33' } })
    .png()
    .toBuffer();

describe('files in a bucket', () => {
  let app: TestApp;
  let s3: S3Server;
  let merchant: PanelUser;
  let large: Buffer;
  let small: Buffer;

  beforeAll(async () => {
    s3 = await startS3Server();
    app = await startApp({
      UPLOAD_PROVIDER: 's3',
      S3_ENDPOINT: s3.url,
      S3_REGION: s3.region,
      S3_BUCKET: s3.bucket,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      S3_PUBLIC_URL: `${CDN}/`,
      S3_TIMEOUT_SECONDS: '1',
    });
    merchant = await panelUser(app, 'merchant');
    large = await picture(1200, 900);
    small = await picture(20);
  });
  afterAll(async () => {
    await app?.stop();
    await s3?.stop();
  });
  beforeEach(() => {
    s3.trouble(undefined);
    s3.refused.length = 0;
    s3.writes.length = 0;
  });

  const send = (content: Buffer | string, filename: string, contentType: string, path = '/upload') =>
    merchant.call('post', path).attach('files', Buffer.from(content), { filename, contentType });
  const take = async (content: Buffer, filename: string): Promise<FileRow> => {
    const answer = await send(content, filename, 'application/octet-stream');
    expect([answer.status, answer.body.error]).toEqual([201, undefined]);
    return answer.body[0] as FileRow;
  };
  const rows = async (): Promise<number> =>
    Number((await app.strapi.db.connection('files').count('* as n'))[0]?.n);
  const keyOf = (url: string): string => url.slice(CDN.length + 1);
  const keysOf = ({ url, formats }: FileRow): string[] =>
    [url, ...Object.values(formats ?? {}).map((format) => format.url)].map(keyOf);
  /** The circuit lets one request pass again after five seconds. */
  const untilTaken = async (): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const answer = await send(small, 'again.png', 'image/png');
      if (answer.status === 201) return;
      expect([answer.status, tries < 40]).toEqual([503, true]);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };

  it('keeps a picture and its formats, each as what it is, under the address of the CDN', async () => {
    const file = await take(large, 'fridge.png');
    expect(file).toMatchObject({ mime: 'image/png', provider: 'aws-s3' });
    expect(Object.keys(file.formats ?? {}).sort()).toEqual(['large', 'medium', 'small', 'thumbnail']);
    const keys = keysOf(file);
    expect(file.url).toBe(`${CDN}/${file.hash}.png`);
    expect(keys.map((key) => s3.objects.get(key)?.type)).toEqual(keys.map(() => 'image/png'));
    expect([...s3.objects.keys()].sort()).toEqual([...keys].sort());
    expect(await sharp()(s3.objects.get(keyOf(file.url))?.body).metadata()).toMatchObject({
      format: 'png',
      width: 1200,
    });
    const read = await supertest(s3.url).get(`/${s3.bucket}/${keyOf(file.url)}`);
    expect([read.status, read.headers['content-type']]).toEqual([200, 'image/png']);
    expect(s3.refused).toEqual([]);
  });

  it('writes nothing into the folder of the local provider', async () => {
    const file = await take(small, 'elsewhere.png');
    expect(existsSync(join(PROJECT_ROOT, 'public/uploads', `${file.hash}.png`))).toBe(false);
  });

  it('lets the panel and every page show what is in it', async () => {
    const answer = await supertest(app.url).get('/api/v1/products');
    const policy = String(answer.headers['content-security-policy']).split(';');
    for (const name of ['img-src', 'media-src'])
      expect(policy.find((part) => part.trim().startsWith(name))).toContain(' https://cdn.shop.example.com');
  });

  it('shows shoppers the picture at its address', async () => {
    const file = await take(large, 'front.png');
    const product = await makeProduct(app);
    await documents(app, PRODUCT_UID).update({
      documentId: product.documentId,
      data: { mainImages: [file.id] },
    });
    const answer = await app.api('get', `/products/${product.documentId}`);
    expect(answer.body.data.mainImages[0]).toMatchObject({
      url: file.url,
      formats: { small: { url: file.formats?.small?.url } },
    });
  });

  it('takes a large film in parts, whole', async () => {
    const file = await take(LONG_FILM, 'film.mp4');
    expect(s3.objects.get(keyOf(file.url))).toMatchObject({ type: 'video/mp4' });
    expect(s3.objects.get(keyOf(file.url))?.body.equals(LONG_FILM)).toBe(true);
    expect([s3.unfinished(), s3.refused]).toEqual([0, []]);
  });

  it('takes files from code through the same door', async () => {
    const { uploadPicture } = compiled<typeof import('../../src/api/product/demo/upload-picture')>(
      'src/api/product/demo/upload-picture',
    );
    const id = await uploadPicture(app.strapi, { name: 'demo', alternativeText: '示例', png: small });
    const [row] = await app.strapi.db.connection('files').where({ id });
    expect(s3.objects.get(keyOf(row.url))?.type).toBe('image/png');
    await expect(
      uploadPicture(app.strapi, { name: 'demo', alternativeText: '', png: Buffer.from(SCRIPT) }),
    ).rejects.toThrow(/Only pictures/);
  });

  it('replaces a file in its place', async () => {
    const file = await take(large, 'old.png');
    const answer = await send(small, 'new.png', 'image/png', `/upload/files/${file.id}/replace`);
    expect([answer.status, answer.body.url]).toEqual([200, file.url]);
    expect(await sharp()(s3.objects.get(keyOf(file.url))?.body).metadata()).toMatchObject({ width: 20 });
    // The small one has no such formats, and those of the old one are gone.
    expect(keysOf(file).filter((key) => s3.objects.has(key))).toEqual([keyOf(file.url)]);
  });

  it('deletes a file with all its formats, alone and together with others', async () => {
    const [one, two, three] = [
      await take(large, '1.png'),
      await take(large, '2.png'),
      await take(PDF, '3.pdf'),
    ];
    expect((await merchant.call('delete', `/upload/files/${one.id}`)).status).toBe(200);
    expect(keysOf(one).filter((key) => s3.objects.has(key))).toEqual([]);
    expect(keysOf(two).every((key) => s3.objects.has(key))).toBe(true);
    const both = await merchant
      .call('post', '/upload/actions/bulk-delete')
      .send({ fileIds: [two.id, three.id] });
    expect(both.status).toBe(200);
    expect([...keysOf(two), ...keysOf(three)].filter((key) => s3.objects.has(key))).toEqual([]);
    const ids = [one, two, three].map(({ id }) => id);
    expect(await app.strapi.db.connection('files').whereIn('id', ids)).toEqual([]);
    expect(s3.refused).toEqual([]);
  });

  it.each([
    ['a page named like a picture', SCRIPT, 'x.png', 'image/png'],
    ['a picture named like a page', undefined, 'x.html', 'image/png'],
    ['a drawing', `<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`, 'x.svg', 'image/svg+xml'],
  ])('refuses %s before the bucket hears of it', async (_name, content, filename, type) => {
    const before = await rows();
    for (const path of ['/upload', '/upload/files'])
      expect((await send(content ?? small, filename, type, path)).status).toBe(400);
    expect([s3.writes, await rows()]).toEqual([[], before]);
  });

  it('serves files of earlier days from the folder, and lets them run nothing', async () => {
    const name = `earlier-${randomBytes(4).toString('hex')}`;
    const file = join(PROJECT_ROOT, 'public/uploads', `${name}.html`);
    writeFileSync(file, SCRIPT);
    try {
      const answer = await supertest(app.url).get(`/uploads/${name}.html`);
      expect([answer.status, answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([
        200,
        'application/octet-stream',
        'attachment',
      ]);
      expect(answer.headers['content-security-policy']).toMatch(/sandbox/);
    } finally {
      rmSync(file);
    }
  });

  describe('when the bucket', () => {
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('strapi-upload-'));
    let before: { rows: number; keys: string[]; temporary: string[] };
    beforeEach(async () => {
      await untilTaken();
      before = { rows: await rows(), keys: [...s3.objects.keys()].sort(), temporary: temporary() };
    });
    /** Nothing of what failed is left in database, bucket or on the disk; and the next upload works. */
    const expectNothingLeft = async (): Promise<void> => {
      s3.trouble(undefined);
      expect({ rows: await rows(), keys: [...s3.objects.keys()].sort(), temporary: temporary() }).toEqual(
        before,
      );
      expect(s3.unfinished()).toBe(0);
      await untilTaken();
    };

    it('is gone, says so in both languages and goes on when it is back', async () => {
      await s3.goAway();
      const answer = await send(large, 'gone.png', 'image/png').set('Accept-Language', 'zh-CN');
      expect([answer.status, answer.body.error]).toEqual([
        503,
        expect.objectContaining({
          message: '文件存储暂不可用，请稍后再试',
          details: expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' }),
        }),
      ]);
      const english = await send(PDF, 'gone.pdf', 'application/pdf').set('Accept-Language', 'en');
      expect([english.status, english.body.error.message]).toEqual([
        503,
        expect.stringContaining('The file store is not available'),
      ]);
      // The circuit is open by now: refused before anybody reads the files.
      for (let each = 0; each < 3; each += 1)
        expect((await send(large, 'gone.png', 'image/png')).status).toBe(503);
      await s3.comeBack();
      await expectNothingLeft();
    });

    it('refuses the keys of the shop, says whose matter that is', async () => {
      s3.trouble('denies');
      const answer = await send(large, 'denied.png', 'image/png').set('Accept-Language', 'en');
      expect([answer.status, answer.body.error.details.code]).toEqual([502, 'UPSTREAM_FAILED']);
      expect(answer.body.error.message).toMatch(/file store refused/);
      expect(JSON.stringify(answer.body)).not.toMatch(/AccessDenied|AKTEST|shop-files|127\.0\.0\.1/);
      await expectNothingLeft();
    });

    it('takes the picture and one of its formats not, takes back the rest', async () => {
      s3.trouble('denies', /^small_/);
      expect((await send(large, 'half.png', 'image/png')).status).toBe(502);
      expect(s3.writes.filter((write) => write.startsWith('PUT')).length).toBeGreaterThan(1);
      await expectNothingLeft();
    });

    it('fails', async () => {
      s3.trouble('fails');
      expect((await send(PDF, 'failing.pdf', 'application/pdf')).status).toBe(503);
      await expectNothingLeft();
    });

    it('says nothing, is waited for no longer than twice the time', async () => {
      s3.trouble('is silent');
      const began = Date.now();
      expect((await send(large, 'slow.png', 'image/png')).status).toBe(503);
      expect(Date.now() - began).toBeLessThan(6_000);
      await expectNothingLeft();
    });

    it('breaks in the middle of a film, leaves no parts', async () => {
      s3.trouble('is silent');
      expect((await send(LONG_FILM, 'film.mp4', 'video/mp4')).status).toBe(503);
      await expectNothingLeft();
    });

    it('cannot delete, keeps the row', async () => {
      const file = await take(small, 'kept.png');
      s3.trouble('fails');
      expect((await merchant.call('delete', `/upload/files/${file.id}`)).status).toBe(503);
      expect(await app.strapi.db.connection('files').where({ id: file.id })).toHaveLength(1);
      s3.trouble(undefined);
      expect((await merchant.call('delete', `/upload/files/${file.id}`)).status).toBe(200);
      expect(s3.objects.has(keyOf(file.url))).toBe(false);
      await expectNothingLeft();
    });
  });
});
