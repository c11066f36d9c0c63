import { steady } from './catalogue';
import type { Reply } from '../listener';
import type { World } from '../world';

export const PICTURES = '/pictures/';

/** Address of a picture of a product on Haier's host. */
export function pictureUrl(world: World, productCode: string, page: number): string {
  return `${world.haierUrl}${PICTURES}${encodeURIComponent(productCode)}-${page}.svg`;
}

/** A plain card with the name of the picture on it, in a colour of its own. */
export function drawPicture(path: string): Reply {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/[^\w.-]/g, '');
  const hue = steady(name, 360);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect width="600" height="600" fill="hsl(${hue} 45% 88%)"/><rect x="200" y="110" width="200" height="330" rx="14" fill="hsl(${hue} 30% 55%)"/><text x="300" y="520" font-family="sans-serif" font-size="32" text-anchor="middle" fill="#333">${name.replace(/\.svg$/, '')}</text></svg>`;
  return { status: 200, headers: { 'Content-Type': 'image/svg+xml' }, body: Buffer.from(svg) };
}
