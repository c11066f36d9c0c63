import { rm } from 'node:fs/promises';

import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';

import { validationFailed } from '../domain/refusal';
import { isApiPath, isRawBodyPath } from '../platform/http/paths';
import { isUploadPath } from '../platform/http/upload-form';

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
const PLAIN_ENCODINGS = new Set(['', 'identity']);

function hasBody(ctx: Context): boolean {
  return Number(ctx.get('Content-Length') || 0) > 0 || ctx.get('Transfer-Encoding') !== '';
}

/** Compressed bodies: nobody here sends them, and a small one may unpack to anything. */
function refuseEncodings(ctx: Context): void {
  if (PLAIN_ENCODINGS.has(ctx.get('Content-Encoding').trim().toLowerCase())) return;
  throw validationFailed([{ path: ['Content-Encoding'], message: 'the body must not be compressed' }]);
}

function refuseOtherContentTypes(ctx: Context): void {
  const isWelcome = isApiPath(ctx.path)
    ? ctx.is('application/json') === 'application/json'
    : // What nobody parses, Strapi's routes take for a body that is there.
      ctx.is('json') === 'json' || (isUploadPath(ctx.path) && ctx.is('multipart/*') !== false);
  if (isWelcome) return;
  throw validationFailed([{ path: [], message: 'the body must be application/json' }], {
    zh: '请求内容必须是 JSON（Content-Type: application/json）',
    en: 'The body must be JSON (Content-Type: application/json)',
  });
}

interface StoredFile {
  filepath: string;
}

/** Files the body parser has put on the disk, under whatever field name, also when the request was refused. */
async function removeTemporaryFiles(ctx: Context): Promise<void> {
  // koa-body sets it; Koa's types do not know.
  const { files } = ctx.request as { files?: Record<string, StoredFile | StoredFile[]> };
  const stored = Object.values(files ?? {}).flat();
  await Promise.all(stored.map(({ filepath }) => rm(filepath, { force: true })));
}

/**
 * Looks at what a body claims to be before anything reads it: the parser writes files to the disk and unpacks what is
 * compressed, for anybody who asks.
 */
const contentDoor: Core.MiddlewareFactory = () => async (ctx, next) => {
  try {
    if (METHODS_WITH_BODY.has(ctx.method) && hasBody(ctx) && !isRawBodyPath(ctx.path)) {
      refuseEncodings(ctx);
      refuseOtherContentTypes(ctx);
    }
    await next();
  } finally {
    await removeTemporaryFiles(ctx);
  }
};

export default contentDoor;
