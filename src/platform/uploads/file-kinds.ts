/** The files the media library takes: what shops show, and nothing a browser would run. */
export interface FileKind {
  mime: string;
  /** Lower case, with the dot. */
  extensions: readonly string[];
  /** True when a file that begins with these bytes is of this kind. */
  begins(head: Buffer): boolean;
}

/** The largest file the media library takes. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024;

/** As much of a file as is needed to tell what it is. */
export const HEAD_BYTES = 512;

const text = (head: Buffer, from: number, to: number): string => head.toString('latin1', from, to);
const startsWith =
  (...bytes: number[]) =>
  (head: Buffer): boolean =>
    head.subarray(0, bytes.length).equals(Buffer.from(bytes));
/** Brands of the family of formats MP4 belongs to. */
const isBranded =
  (brands: RegExp) =>
  (head: Buffer): boolean =>
    text(head, 4, 8) === 'ftyp' && brands.test(text(head, 8, 12));

export const FILE_KINDS: readonly FileKind[] = [
  {
    mime: 'image/png',
    extensions: ['.png'],
    begins: startsWith(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  { mime: 'image/jpeg', extensions: ['.jpg', '.jpeg'], begins: startsWith(0xff, 0xd8, 0xff) },
  { mime: 'image/gif', extensions: ['.gif'], begins: (head) => /^GIF8[79]a/.test(text(head, 0, 6)) },
  {
    mime: 'image/webp',
    extensions: ['.webp'],
    begins: (head) => text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP',
  },
  { mime: 'image/avif', extensions: ['.avif'], begins: isBranded(/^avi[fs]$/) },
  {
    mime: 'video/mp4',
    extensions: ['.mp4'],
    begins: isBranded(/^(?:isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|mmp4)$/),
  },
  { mime: 'video/quicktime', extensions: ['.mov'], begins: isBranded(/^qt {2}$/) },
  {
    mime: 'video/webm',
    extensions: ['.webm'],
    begins: (head) => startsWith(0x1a, 0x45, 0xdf, 0xa3)(head) && text(head, 0, 64).includes('webm'),
  },
  { mime: 'application/pdf', extensions: ['.pdf'], begins: (head) => text(head, 0, 5) === '%PDF-' },
];

/** The kind of a file by its first bytes; undefined for anything the library does not take. */
export const kindOfContent = (head: Buffer): FileKind | undefined =>
  FILE_KINDS.find(({ begins }) => begins(head));

/** The kind a name claims by its extension. */
export const kindOfExtension = (extension: string): FileKind | undefined =>
  FILE_KINDS.find(({ extensions }) => extensions.includes(extension.toLowerCase()));
