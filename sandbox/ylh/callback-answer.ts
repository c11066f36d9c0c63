import { z } from 'zod';
import type { DeliveryResult } from '../delivery';

const accepted = z.object({
  success: z.literal(true),
  code: z.literal('success'),
  description: z.string(),
  timeStamp: z.string().regex(/^\d{14}$/, 'must be yyyyMMddHHmmss'),
  data: z.object({ statusCode: z.literal('200'), message: z.string(), platformOrderNo: z.string() }),
});

const refusal = z.object({
  success: z.literal(false),
  code: z.string().min(1),
  data: z.strictObject({}),
});

function parse(reply: string | undefined): unknown {
  try {
    return JSON.parse(reply ?? '');
  } catch {
    return undefined;
  }
}

/** Whether the shop took a call-back, and what in its answer is not as the contract has it (section 3). */
export function judgeAnswer(
  result: DeliveryResult,
  platformOrderNo: string,
): { accepted: boolean; problems: string[] } {
  if (result.status === undefined) return { accepted: false, problems: [] };
  const answer = parse(result.reply);
  const isTaken = z.object({ success: z.literal(true) }).safeParse(answer).success;
  const parsed = (isTaken ? accepted : refusal).safeParse(answer);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  if (result.status !== 200) problems.push(`HTTP ${result.status}, not 200`);
  if (parsed.success && parsed.data.success && parsed.data.data.platformOrderNo !== platformOrderNo) {
    problems.push('data.platformOrderNo is not the one that was sent');
  }
  return { accepted: isTaken && result.status === 200, problems };
}
