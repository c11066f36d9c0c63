import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';

import { settings } from '../../../config/environment';
import { type FileKind, HEAD_BYTES, kindOfContent } from './file-kinds';
import { type Bucket, guardBucket } from './guard-bucket';

interface NewFile {
  filepath: string;
  /** What was sent, in bytes. */
  size?: number;
  originalFilename?: string | null;
  mimetype?: string | null;
  /** What Strapi stores as the type of the file, before what was declared. */
  detectedMimeType?: string;
}
interface UploadService {
  upload(request: { files: NewFile | NewFile[] }, options?: unknown): Promise<unknown>;
  replace(id: number | string, request: { file: NewFile }, options?: unknown): Promise<unknown>;
  findOne(id: number | string): Promise<{ ext?: string | null } | null>;
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The parser of forms says nothing of a disk that took a part: what is there is no file that anybody sent. */
async function expectWhole({ filepath, size }: NewFile): Promise<void> {
  const { size: stored } = await stat(filepath);
  if (size !== undefined && stored < size)
    throw Object.assign(new Error(`of a file of ${size} bytes ${stored} were stored`), { code: 'ENOSPC' });
}

const refuse = (zh: string, en: string): Error => new errors.ValidationError(`${zh} / ${en}`);

/** The kind of a new file by what is in it, which its name must agree with. Throws a ValidationError. */
async function kindOf(file: NewFile): Promise<FileKind> {
  await expectWhole(file);
  const kind = kindOfContent(await readHead(file.filepath));
  const extension = extname(file.originalFilename ?? '').toLowerCase();
  if (kind !== undefined && kind.extensions.includes(extension)) return kind;
  throw refuse(
    '只能上传图片（PNG、JPEG、GIF、WebP、AVIF）、视频（MP4、MOV、WebM）和 PDF，且内容须与扩展名一致',
    'Only pictures (PNG, JPEG, GIF, WebP, AVIF), videos (MP4, MOV, WebM) and PDF can be uploaded, and the content must be what the extension says',
  );
}

/** A folder is written before the row and is not asked over a line. */
const FOLDER: Bucket = { wholeOrNothing: (upload) => upload() };

/**
 * Lets the media library take files by what is in them, whatever their name and declared type say, through whichever
 * door they come: panel, REST, an address to fetch, code. Call in `register`.
 */
export function guardUploads(strapi: Core.Strapi): void {
  // Strapi types the services of plugins as `any`.
  const service = strapi.plugin('upload').service('upload') as UploadService;
  const { upload, replace } = service;
  const bucket = settings().bucket === undefined ? FOLDER : guardBucket(strapi);
  service.upload = async (request, options) => {
    for (const file of [request.files].flat()) file.detectedMimeType = (await kindOf(file)).mime;
    return bucket.wholeOrNothing(() => upload(request, options));
  };
  service.replace = async (id, request, options) => {
    const kind = await kindOf(request.file);
    const extension = (await service.findOne(id))?.ext ?? '';
    // The address, and with it the extension, stays.
    if (extension !== '' && !kind.extensions.includes(extension.toLowerCase()))
      throw refuse('替换的文件必须与原文件类型相同', 'A file is replaced by one of the same kind');
    request.file.detectedMimeType = kind.mime;
    return replace(id, request, options);
  };
}
