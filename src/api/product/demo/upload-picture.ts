import type { Core } from '@strapi/strapi';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NewPicture {
  /** File name without ending. */
  name: string;
  alternativeText: string;
  png: Buffer;
}

interface UploadService {
  upload(request: {
    data: { fileInfo: { name: string; alternativeText: string } };
    files: { filepath: string; originalFilename: string; mimetype: string; size: number };
  }): Promise<{ id: number }[]>;
}

/** Puts a picture into the media library as if staff had uploaded it, thumbnails included. Returns its id. */
export async function uploadPicture(
  strapi: Core.Strapi,
  { name, alternativeText, png }: NewPicture,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-picture-'));
  try {
    const fileName = `${name}.png`;
    const filepath = join(folder, fileName);
    await writeFile(filepath, png);
    // Strapi types the services of plugins as `any`.
    const service = strapi.plugin('upload').service('upload') as UploadService;
    const [file] = await service.upload({
      data: { fileInfo: { name: fileName, alternativeText } },
      files: { filepath, originalFilename: fileName, mimetype: 'image/png', size: png.length },
    });
    if (file === undefined) throw new Error(`the media library did not take ${fileName}`);
    return file.id;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
