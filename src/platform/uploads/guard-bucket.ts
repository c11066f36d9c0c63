import { AsyncLocalStorage } from 'node:async_hooks';
import type { Readable } from 'node:stream';

import type { Core } from '@strapi/strapi';

import { createDoor, OutcomeUnknownError, ServiceRefusedError } from '../http/outside-call';
import { FILE_STORE } from './file-store';

/** As Strapi hands a file, or one of its smaller formats, to a provider. */
interface StoredFile {
  hash: string;
  stream?: Readable;
}
type Action = (file: StoredFile, ...more: unknown[]) => Promise<unknown>;
type Provider = Record<'uploadStream' | 'replaceStream' | 'delete', Action>;

/** One file on its way into the bucket; `isThere` never rejects. */
interface Put {
  file: StoredFile;
  isThere: Promise<boolean>;
}

const FILE = 'plugin::upload.file';
const putsOfThis = new AsyncLocalStorage<Put[]>();

interface BucketError extends Error {
  code?: string;
  /** On whatever the SDK has to say of a request, also when no answer came. */
  $metadata?: { httpStatusCode?: number };
}

/** What an error of the SDK means for the shop; anything else, as a disk that cannot be read, stays what it is. */
function toOutsideError(error: unknown): unknown {
  const { name, code, $metadata } = error as BucketError;
  if ($metadata === undefined) return error;
  const status = $metadata.httpStatusCode ?? 0;
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    return new ServiceRefusedError(FILE_STORE, `${name} (${status})`);
  return new OutcomeUnknownError(FILE_STORE, `no answer (${code ?? name})`);
}

/** Nobody may ever read this stream, and its file goes away: an error without a listener would end the process. */
function closeQuietly(stream: Readable | undefined): void {
  stream?.on('error', () => undefined);
  stream?.destroy();
}

function guardActions(provider: Provider): void {
  const pass = createDoor(FILE_STORE);
  const guarded =
    (action: Action): Action =>
    async (file, ...more) => {
      file.stream?.on('error', () => undefined);
      try {
        return await pass(async () => {
          try {
            return await action(file, ...more);
          } catch (error) {
            throw toOutsideError(error);
          }
        });
      } catch (error) {
        closeQuietly(file.stream);
        throw error;
      }
    };
  const upload = guarded(provider.uploadStream);
  provider.replaceStream = guarded(provider.replaceStream);
  provider.delete = guarded(provider.delete);
  provider.uploadStream = (file, ...more) => {
    const attempt = upload(file, ...more);
    const isThere = attempt.then(
      () => true,
      () => false,
    );
    putsOfThis.getStore()?.push({ file, isThere });
    return attempt;
  };
}

/** Takes out of the bucket what was put there for files that no row names. Never throws. */
async function takeBack(strapi: Core.Strapi, provider: Provider, puts: Put[]): Promise<void> {
  try {
    const there = await Promise.all(puts.map(({ isThere }) => isThere));
    const done = puts.filter((_put, index) => there[index]).map(({ file }) => file);
    if (done.length === 0) return;
    const hashes = puts.map(({ file }) => file.hash);
    const rows = (await strapi.db
      .query(FILE)
      .findMany({ where: { hash: { $in: hashes } }, select: ['hash'] })) as StoredFile[];
    // The formats of `abc` are `small_abc` and so on.
    const isNamed = ({ hash }: StoredFile) =>
      rows.some((row) => hash === row.hash || hash.endsWith(`_${row.hash}`));
    await Promise.all(done.filter((file) => !isNamed(file)).map((file) => provider.delete(file)));
  } catch (error) {
    strapi.log.warn('files of a failed upload stay in the bucket; no row names them', { error });
  }
}

export interface Bucket {
  /** Runs an upload; when it fails, nothing of it stays in the bucket that no row names. */
  wholeOrNothing<T>(upload: () => Promise<T>): Promise<T>;
}

/**
 * Puts the shop's door to the outside before the bucket: time limits, one circuit, metrics, errors with a face. Call in
 * `register`, when files are kept in one.
 */
export function guardBucket(strapi: Core.Strapi): Bucket {
  // Strapi does not type what its providers do.
  const provider = strapi.plugin('upload').provider as Provider;
  guardActions(provider);
  return {
    async wholeOrNothing(upload) {
      const puts: Put[] = [];
      try {
        return await putsOfThis.run(puts, upload);
      } catch (error) {
        await takeBack(strapi, provider, puts);
        throw error;
      }
    },
  };
}
