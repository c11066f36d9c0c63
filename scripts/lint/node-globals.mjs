const NAMES = `AbortController AbortSignal Atomics Buffer Int32Array SharedArrayBuffer TextDecoder TextEncoder URL URLSearchParams
  __dirname __filename clearInterval clearTimeout console exports fetch module performance process require setImmediate
  setInterval setTimeout structuredClone`;

/** What plain JavaScript files may use without importing it. */
export const nodeGlobals = Object.fromEntries(NAMES.split(/\s+/).map((name) => [name, 'readonly']));
