import type { Context } from 'koa';
import { z } from 'zod';

import { lineOfText, noBody, one, parseAction, pathId } from '../../../platform/request';
import { ignoreDifference, mendDifference } from '../../reconciliation/services/mending';
import { requestDay } from '../../reconciliation/services/planning';
import { presentDifference, presentReconciliationDesk, presentRun } from '../presenters/reconciliation';
import { readDifference, readReconciliationDesk, readRun } from '../queries/reconciliation-desk';
import { panelActor } from './panel';

const startSchema = z.strictObject({ billDate: z.iso.date() });
const ignoreSchema = z.strictObject({ note: lineOfText(255) });

const idOf = (ctx: Context): string => pathId(ctx, 'documentId');
const shown = async (documentId: string) => one(presentDifference(await readDifference(documentId)));

export default {
  async desk() {
    return one(presentReconciliationDesk(await readReconciliationDesk()));
  },

  async start(ctx: Context) {
    const { billDate } = parseAction(startSchema, ctx);
    await requestDay(billDate, panelActor(ctx));
    ctx.status = 202;
    return one({ billDate });
  },

  async run(ctx: Context) {
    return one(presentRun(await readRun(idOf(ctx))));
  },

  async difference(ctx: Context) {
    return shown(idOf(ctx));
  },

  async mend(ctx: Context) {
    parseAction(noBody, ctx);
    await mendDifference(idOf(ctx), panelActor(ctx));
    return shown(idOf(ctx));
  },

  async ignore(ctx: Context) {
    const { note } = parseAction(ignoreSchema, ctx);
    await ignoreDifference(idOf(ctx), note, panelActor(ctx));
    return shown(idOf(ctx));
  },
};
