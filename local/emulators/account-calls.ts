/** Finds which call about the owner's account an HTTP request is, and answers it; anything else is left to other emulators. */
import { cloudFormationActions, cloudFormationNamespace, cloudWatchActions, type FieldsCall } from './account-actions.ts';
import { ssmActions, stsActions, stsNamespace } from './account-actions.ts';
import { unknownAction } from './aws-error.ts';
import { JsonFields } from './json-fields.ts';
import type { OwnerAccount } from './owner-account.ts';
import { answerXml, errorXml, QueryForm } from './query-form.ts';
import { sesV2Route } from './ses-v2.ts';
import type { Ses } from './ses.ts';
import { type Answer, bound, jsonAnswer, jsonRefusal, refusalOf } from './wire-answer.ts';

export interface AccountRequest {
  readonly method: string;
  /** Path alone. */
  readonly path: string;
  /** The header `X-Amz-Target`. */
  readonly target: string;
  /** The service that it is signed for. */
  readonly service: string;
  readonly body: string;
}

export interface AccountServices {
  readonly account: OwnerAccount;
  readonly ses: Ses;
}

/** Told each call before it is answered; throws where a test ordered a refusal. */
type Meet = (call: string) => void;

const targets = [
  { prefix: 'AmazonSSM.', service: 'ssm', type: 'application/x-amz-json-1.1', actions: ssmActions },
  {
    prefix: 'GraniteServiceVersion20100801.',
    service: 'cloudwatch',
    type: 'application/x-amz-json-1.0',
    actions: cloudWatchActions,
  },
] as const;

const forms = {
  sts: { namespace: stsNamespace, actions: stsActions },
  cloudformation: { namespace: cloudFormationNamespace, actions: cloudFormationActions },
} as const;

export function answerAccount(services: AccountServices, request: AccountRequest, meet: Meet): Answer | undefined {
  const { target, service, path } = request;
  const json = targets.find(({ prefix }) => target.startsWith(prefix));
  if (json !== undefined) {
    const action = target.slice(json.prefix.length);
    return answerJson(json.type, `${json.service}.${action}`, meet, () =>
      bound<FieldsCall, Readonly<Record<string, unknown>>>(json.actions, action, {
        account: services.account,
        fields: JsonFields.parse(request.body),
      }),
    );
  }
  if (path.startsWith('/v2/email')) return answerSesV2(services, request, meet);
  return service === 'sts' || service === 'cloudformation' ? answerForm(services, service, request.body, meet) : undefined;
}

function answerSesV2({ account, ses }: AccountServices, { method, path, body }: AccountRequest, meet: Meet): Answer {
  const found = sesV2Route(method, path);
  return answerJson('application/json', `ses.${found?.route.action ?? `${method} ${path}`}`, meet, () =>
    found === undefined
      ? undefined
      : () => found.route.answer({ account, ses, fields: JsonFields.parse(body), name: found.name }),
  );
}

function answerJson(type: string, call: string, meet: Meet, find: () => (() => unknown) | undefined): Answer {
  try {
    const act = find();
    if (act === undefined) throw unknownAction(call);
    meet(call);
    return jsonAnswer(type, act());
  } catch (error) {
    return jsonRefusal(type, error);
  }
}

function answerForm({ account }: AccountServices, service: keyof typeof forms, body: string, meet: Meet): Answer {
  const { namespace, actions } = forms[service];
  const form = QueryForm.parse(body);
  const action = form.optionalText('Action') ?? '';
  const type = 'text/xml';
  try {
    const act = bound(actions, action, { account, form });
    if (act === undefined) throw unknownAction(action);
    meet(`${service}.${action}`);
    return { kind: 'answer', status: 200, type, body: answerXml(action, namespace, act()) };
  } catch (error) {
    const refusal = refusalOf(error);
    return { kind: 'answer', status: refusal.status, type, body: errorXml(refusal, namespace) };
  }
}
