import { type Color, Drawing } from './png';

const SIZE = 480;
const WHITE: Color = [255, 255, 255];
const STEEL: Color = [203, 210, 217];
const DARK: Color = [51, 60, 74];
const SHADOW: Color = [180, 190, 204];

/** What an appliance looks like, in its accent colour, on a ground of 480 × 480. */
const APPLIANCES = {
  fridge: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 140, y: 60, width: 200, height: 350, radius: 14 }, accent)
      .box({ x: 238, y: 60, width: 4, height: 350 }, WHITE, 0.6)
      .box({ x: 140, y: 250, width: 200, height: 4 }, WHITE, 0.6)
      .box({ x: 222, y: 130, width: 8, height: 80, radius: 4 }, WHITE)
      .box({ x: 250, y: 130, width: 8, height: 80, radius: 4 }, WHITE),
  washer: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 110, y: 90, width: 260, height: 310, radius: 16 }, WHITE)
      .box({ x: 110, y: 90, width: 260, height: 56, radius: 16 }, accent)
      .disc(335, 118, 12, WHITE)
      .disc(240, 270, 96, STEEL)
      .disc(240, 270, 78, DARK)
      .disc(240, 270, 62, accent, 0.55),
  airConditioner: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 60, y: 150, width: 360, height: 120, radius: 26 }, WHITE)
      .box({ x: 84, y: 236, width: 312, height: 12, radius: 6 }, accent)
      .box({ x: 340, y: 178, width: 48, height: 10, radius: 5 }, STEEL)
      .box({ x: 130, y: 300, width: 12, height: 60, radius: 6 }, accent, 0.35)
      .box({ x: 234, y: 300, width: 12, height: 80, radius: 6 }, accent, 0.35)
      .box({ x: 338, y: 300, width: 12, height: 60, radius: 6 }, accent, 0.35),
  cabinetAirConditioner: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 180, y: 50, width: 120, height: 360, radius: 60 }, WHITE)
      .box({ x: 214, y: 100, width: 52, height: 180, radius: 26 }, accent)
      .disc(240, 340, 14, STEEL),
  television: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 40, y: 100, width: 400, height: 236, radius: 10 }, DARK)
      .box({ x: 52, y: 112, width: 376, height: 212, radius: 4 }, accent, 0.85)
      .disc(340, 180, 34, WHITE, 0.5)
      .box({ x: 228, y: 336, width: 24, height: 34 }, DARK)
      .box({ x: 160, y: 366, width: 160, height: 12, radius: 6 }, DARK),
  hood: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 190, y: 60, width: 100, height: 180 }, STEEL)
      .box({ x: 90, y: 220, width: 300, height: 90, radius: 12 }, DARK)
      .box({ x: 150, y: 286, width: 180, height: 12, radius: 6 }, accent),
  hob: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 60, y: 150, width: 360, height: 200, radius: 18 }, DARK)
      .disc(160, 240, 62, STEEL)
      .disc(160, 240, 44, DARK)
      .disc(160, 240, 26, accent)
      .disc(320, 240, 62, STEEL)
      .disc(320, 240, 44, DARK)
      .disc(320, 240, 26, accent),
  waterHeater: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 60, y: 150, width: 360, height: 170, radius: 80 }, WHITE)
      .box({ x: 340, y: 150, width: 80, height: 170, radius: 80 }, accent)
      .box({ x: 130, y: 216, width: 120, height: 36, radius: 18 }, DARK)
      .box({ x: 180, y: 320, width: 14, height: 50 }, STEEL)
      .box({ x: 286, y: 320, width: 14, height: 50 }, STEEL),
  robot: (drawing: Drawing, accent: Color) =>
    drawing
      .disc(240, 250, 150, WHITE)
      .disc(240, 250, 136, STEEL)
      .disc(240, 250, 130, WHITE)
      .disc(240, 205, 44, accent)
      .disc(240, 205, 26, DARK)
      .box({ x: 200, y: 310, width: 80, height: 14, radius: 7 }, accent),
  cooker: (drawing: Drawing, accent: Color) =>
    drawing
      .box({ x: 110, y: 150, width: 260, height: 230, radius: 60 }, WHITE)
      .box({ x: 110, y: 150, width: 260, height: 80, radius: 40 }, accent)
      .box({ x: 190, y: 128, width: 100, height: 26, radius: 13 }, DARK)
      .box({ x: 180, y: 270, width: 120, height: 60, radius: 14 }, DARK),
} satisfies Record<string, (drawing: Drawing, accent: Color) => Drawing>;

export type Appliance = keyof typeof APPLIANCES;

const GROUND: Color = [238, 242, 247];

/** A product card's picture as a PNG file. */
export function drawAppliance(appliance: Appliance, accent: Color): Buffer {
  const drawing = new Drawing(SIZE, GROUND).box(
    { x: 80, y: 404, width: 320, height: 24, radius: 12 },
    SHADOW,
    0.45,
  );
  return APPLIANCES[appliance](drawing, accent).toPng();
}

/** A brand's picture as a PNG file: two overlapping discs in its colour, no lettering. */
export function drawBrand(accent: Color): Buffer {
  return new Drawing(240, WHITE)
    .box({ x: 16, y: 16, width: 208, height: 208, radius: 48 }, accent)
    .disc(98, 120, 46, WHITE, 0.9)
    .disc(142, 120, 46, WHITE, 0.5)
    .toPng();
}
