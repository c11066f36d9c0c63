const page = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400" viewBox="0 0 400 400"><rect width="400" height="400" fill="#eef3fa"/>${body}</svg>`;

/** Plain drawings of our own, one per category of the browsing shop. */
export const PRODUCT_PICTURES: readonly string[] = [
  page(
    '<rect x="120" y="40" width="160" height="320" rx="14" fill="#cfd9e6" stroke="#7c8ba1" stroke-width="6"/><path d="M120 160h160M145 85v45M145 190v70" stroke="#7c8ba1" stroke-width="6" stroke-linecap="round"/>',
  ),
  page(
    '<rect x="90" y="60" width="220" height="280" rx="14" fill="#f7f9fc" stroke="#7c8ba1" stroke-width="6"/><circle cx="200" cy="215" r="80" fill="#cfd9e6" stroke="#7c8ba1" stroke-width="6"/><circle cx="200" cy="215" r="48" fill="#9fb6d3"/><path d="M120 95h60" stroke="#7c8ba1" stroke-width="6" stroke-linecap="round"/>',
  ),
  page(
    '<rect x="50" y="120" width="300" height="110" rx="20" fill="#f7f9fc" stroke="#7c8ba1" stroke-width="6"/><path d="M80 195h240" stroke="#7c8ba1" stroke-width="6"/><path d="M120 260q12 25 0 50M200 260q12 25 0 50M280 260q12 25 0 50" stroke="#9fb6d3" stroke-width="6" fill="none" stroke-linecap="round"/>',
  ),
];
