import { crc32, deflateSync } from 'node:zlib';

export type Color = readonly [red: number, green: number, blue: number];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  /** Of the corners, in pixels; half of the smaller side makes an ellipse's worth of rounding. */
  radius?: number;
}

// Millions of pixels: looking the functions up each time would take longer than the drawing.
const { abs, floor, hypot, max, min, round } = Math;

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A square picture to draw boxes and discs on, with soft edges. */
export class Drawing {
  private readonly pixels: Buffer;

  constructor(
    readonly size: number,
    background: Color,
  ) {
    this.pixels = Buffer.alloc(size * size * 3, Buffer.from(background));
  }

  /** A box with round corners, `opacity` from 0 to 1. */
  box({ x, y, width, height, radius = 0 }: Box, color: Color, opacity = 1): this {
    const corner = min(radius, width / 2, height / 2);
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    for (let row = max(0, floor(y - 1)); row < min(this.size, y + height + 1); row += 1) {
      for (let column = max(0, floor(x - 1)); column < min(this.size, x + width + 1); column += 1) {
        const outX = abs(column + 0.5 - middleX) - width / 2 + corner;
        const outY = abs(row + 0.5 - middleY) - height / 2 + corner;
        // Distance to the edge; within half a pixel of it the colours mix, which is what makes edges smooth.
        const distance = hypot(max(outX, 0), max(outY, 0)) + min(max(outX, outY), 0) - corner;
        const cover = min(1, max(0, 0.5 - distance)) * opacity;
        if (cover > 0) this.mix(row, column, color, cover);
      }
    }
    return this;
  }

  disc(x: number, y: number, radius: number, color: Color, opacity = 1): this {
    return this.box(
      { x: x - radius, y: y - radius, width: radius * 2, height: radius * 2, radius },
      color,
      opacity,
    );
  }

  private mix(row: number, column: number, color: Color, cover: number): void {
    const start = (row * this.size + column) * 3;
    for (let channel = 0; channel < 3; channel += 1) {
      const before = this.pixels[start + channel] ?? 0;
      this.pixels[start + channel] = round(before + ((color[channel] ?? 0) - before) * cover);
    }
  }

  /** The drawing as a PNG file. */
  toPng(): Buffer {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(this.size, 0);
    header.writeUInt32BE(this.size, 4);
    header.set([8, 2, 0, 0, 0], 8); // eight bits, red-green-blue, no interlacing
    const lines = Array.from({ length: this.size }, (_, row) =>
      Buffer.concat([Buffer.of(0), this.pixels.subarray(row * this.size * 3, (row + 1) * this.size * 3)]),
    );
    return Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.concat(lines), { level: 6 })),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }
}
