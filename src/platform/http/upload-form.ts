import type { Context } from 'koa';

import { validationFailed } from '../../domain/refusal';
import { findUncleanText, isCleanText } from './text-guard';

/** Where the admin panel sends files. */
const UPLOAD_PATH = /^\/upload(?:\/|$)/i;
export const isUploadPath = (path: string): boolean => UPLOAD_PATH.test(path);

/** Fields beside the files. The rest of what Strapi would take (`ref`, `path` and so on) nobody here sends. */
const INFORMATION = 'fileInfo';

interface UploadedFile {
  originalFilename?: string | null;
  mimetype?: string | null;
}

function readInformation(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    throw validationFailed([{ path: [INFORMATION], message: 'must be JSON' }]);
  }
}

/**
 * Looks into a form with files: what Strapi reads there as JSON is text to everybody before it, and hides what a plain
 * body could not. Throws VALIDATION_FAILED.
 */
export function checkUploadForm(ctx: Context): void {
  // koa-body sets both; Koa's types do not know.
  const { body, files = {} } = ctx.request as {
    body?: unknown;
    files?: Record<string, UploadedFile | UploadedFile[]>;
  };
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    if (name !== INFORMATION) throw validationFailed([{ path: [name], message: 'is not a known field' }]);
    const unclean = findUncleanText([value].flat().map(readInformation));
    if (unclean !== undefined)
      throw validationFailed([{ path: [name, ...unclean], message: 'has characters that are not allowed' }]);
  }
  for (const { originalFilename, mimetype } of Object.values(files).flat()) {
    if (isCleanText(originalFilename ?? '') && isCleanText(mimetype ?? '')) continue;
    throw validationFailed([{ path: ['files'], message: 'a file name has characters that are not allowed' }]);
  }
}
