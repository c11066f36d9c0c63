import { settings } from '../../../config/environment';

/** An address a phone can open: files of the local upload provider are stored as paths. */
export function publicUrl(pathOrUrl: string): string;
export function publicUrl(pathOrUrl: string | null): string | null;
export function publicUrl(pathOrUrl: string | null): string | null {
  return pathOrUrl?.startsWith('/') === true ? `${settings().PUBLIC_URL}${pathOrUrl}` : pathOrUrl;
}
