import type { ServerResponse } from 'node:http';
import { extname } from 'node:path';

import { kindOfExtension } from './file-kinds';

/** A page made of an uploaded file may show itself; it runs nothing and belongs to nobody's session. */
const POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
/** Shown in the browser; everything else is handed over to be saved. */
const SHOWN = /^(?:image|video)\//;

/**
 * Headers of an uploaded file. Files share the panel's address, so none of them may act in an administrator's name, not
 * even one that came before there were rules: a kind the library does not take is plain bytes to be saved.
 */
export function setFileHeaders(response: ServerResponse, path: string): void {
  const kind = kindOfExtension(extname(path));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Content-Type', kind?.mime ?? 'application/octet-stream');
  if (kind === undefined || !SHOWN.test(kind.mime)) response.setHeader('Content-Disposition', 'attachment');
}
