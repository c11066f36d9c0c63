/** What random requests (tests/concurrency/fuzz) have found in Strapi's own routes for the panel: each is refused now, and says nothing. */
import { panelUser, signInToPanel } from '../support/factories/panel';
import { codeOf, defectsOf } from '../support/hostile-answer';
import type { HostileRequest } from '../support/hostile-client';
import { useHostileSuite } from '../support/hostile-suite';

const suite = useHostileSuite();
let token: string;

beforeAll(async () => {
  const { email, password } = await panelUser(suite.app, 'superAdmin');
  token = await signInToPanel(suite.app, email, password);
});

const get = (path: string, headers: Record<string, string> = {}): HostileRequest => ({
  method: 'GET',
  path,
  headers,
});
const json = (method: string, path: string, body: string): HostileRequest => ({ method, path, body });
const unparsed = (path: string): HostileRequest => ({
  method: 'POST',
  path,
  body: '{"name":"x"}',
  headers: { 'Content-Type': '*/*' },
});

const FOUND: [string, HostileRequest, string][] = [
  ['a body that nobody parses', unparsed('/admin/register'), '400 VALIDATION_FAILED'],
  ['a body of no type, to roles', unparsed('/admin/roles'), '400 VALIDATION_FAILED'],
  ['a body of no type, to webhooks', unparsed('/admin/webhooks/batch-delete'), '400 VALIDATION_FAILED'],
  [
    'permissions to check that are none',
    json('POST', '/admin/permissions/check', '{}'),
    '400 VALIDATION_FAILED',
  ],
  [
    'templates that are none',
    json('PUT', '/users-permissions/email-templates', '{"a":1}'),
    '400 VALIDATION_FAILED',
  ],
  ['a layout without parts', json('PUT', '/admin/homepage/layout', '{}'), '400 VALIDATION_FAILED'],
  ['a letter to nobody', json('POST', '/email', '{"a":1}'), '502 UPSTREAM_FAILED'],
  ['a filter that is no list', get('/admin/roles?filters[$or]='), '400 VALIDATION_FAILED'],
  ['a filter by position', get('/admin/users?filters[0]=abc'), '400 VALIDATION_FAILED'],
  ['a field that is none', get('/upload/files?fields=toString'), '400 VALIDATION_FAILED'],
  ['a search that is no text', get('/upload/folders/1?_q[a]=b'), '400 VALIDATION_FAILED'],
  ['a role that is none', json('DELETE', '/admin/roles/plugin::upload.file', '{}'), '400 VALIDATION_FAILED'],
  ['a trial nobody has', get('/admin/license-trial-time-left'), '404 NOT_FOUND'],
  ['a type of that name', get('/content-type-builder/content-types/api::no.such'), '404 NOT_FOUND'],
  ['a type every object has', get('/content-type-builder/content-types/__proto__'), '404 NOT_FOUND'],
  ['a webhook that is not there', json('POST', '/admin/webhooks/1/trigger', '{}'), '404 NOT_FOUND'],
  ['a method that is not there', json('PATCH', '/admin/roles', '{}'), '404 NOT_FOUND'],
  ['a range of no bytes', get('/uploads/', { Range: 'x' }), '416 VALIDATION_FAILED'],
];

describe('the panel’s server refuses', () => {
  it.each(FOUND)('%s', async (_name, request, expected) => {
    const answer = await suite.send({ ...request, token });
    expect(`${answer.status} ${codeOf(answer)}`).toBe(expected);
    // A partner's failure is no defect of an answer.
    expect(
      defectsOf({ ...answer, status: Math.min(answer.status, 499) }).filter(
        (each) => !each.startsWith('status'),
      ),
    ).toEqual([]);
  });
});
