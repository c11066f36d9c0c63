import { randomUUID } from 'node:crypto';
import type { ContentVerdict } from '../state';
import type { World } from '../world';
import type { JsonObject } from './json-input';
import { characterCount, text } from './json-input';
import { ApiRefusal } from './refusal';

const LONGEST_CONTENT = 2_500;
const VISIT_WINDOW_MS = 2 * 3_600_000;

function checkInput(world: World, body: JsonObject): string {
  const content = text(body.content);
  if (body.version !== 2 || content === undefined || characterCount(content) > LONGEST_CONTENT) {
    throw new ApiRefusal(47001, 'data format error');
  }
  if (![1, 2, 3, 4].includes(Number(body.scene)) || typeof body.scene !== 'number') {
    throw new ApiRefusal(40129, 'invalid scene');
  }
  const openid = text(body.openid);
  const shopper =
    openid !== undefined && Object.hasOwn(world.state.shoppers, openid)
      ? world.state.shoppers[openid]
      : undefined;
  if (!shopper) throw new ApiRefusal(40003, 'invalid openid');
  if (shopper.lastVisitAt === undefined || world.now() - shopper.lastVisitAt > VISIT_WINDOW_MS) {
    throw new ApiRefusal(61010, 'code is expired');
  }
  return [content, text(body.title), text(body.nickname), text(body.signature)].filter(Boolean).join('\n');
}

/**
 * Judges a text (msg_sec_check): everything passes but what the control API scripted otherwise.
 * Throws 47001, 40129 (scene), 40003 (openid), 61010 (no visit within two hours).
 */
export function checkMessage(world: World, body: JsonObject): Record<string, unknown> {
  const content = checkInput(world, body);
  const scripted = world.state.contentVerdicts.find((verdict) => content.includes(verdict.containing));
  const { suggest, label }: Pick<ContentVerdict, 'suggest' | 'label'> = scripted ?? {
    suggest: 'pass',
    label: 100,
  };
  return {
    trace_id: randomUUID(),
    result: { suggest, label },
    detail: [
      {
        strategy: 'content_model',
        errcode: 0,
        suggest,
        label,
        prob: scripted ? 90 : 10,
        ...(scripted && { keyword: scripted.containing }),
      },
    ],
  };
}
