import type { Call, Distortion, Reply } from '../listener';
import { SupplierRefusal } from './refusal';

const JSON_TYPE = 'application/json;charset=UTF-8';

/** Runs one call of Haier or YLH: what is thrown as a refusal becomes its answer, and `rubbish` replaces either. */
export async function answerJson(
  call: Call,
  distortion: Distortion | undefined,
  run: (call: Call) => unknown,
): Promise<Reply> {
  let status = 200;
  let body: unknown;
  try {
    body = await run(call);
  } catch (error) {
    if (!(error instanceof SupplierRefusal)) throw error;
    status = error.status;
    body = error.toBody();
  }
  if (distortion === 'rubbish') {
    const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';
    return { status: 200, headers: { 'Content-Type': 'text/html' }, body: Buffer.from(html) };
  }
  return { status, headers: { 'Content-Type': JSON_TYPE }, body: Buffer.from(JSON.stringify(body)) };
}
