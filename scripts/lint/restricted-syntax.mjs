const IGNORES_PROMISES = '/^(forEach|setTimeout|setInterval|setImmediate|nextTick|queueMicrotask|on|once)$/';
const FORGOTTEN = 'Nobody waits for this async function, and nobody hears its error.';

/** Async functions handed to something that will not await them. */
export const noForgottenCallbacks = [
  { selector: `CallExpression[callee.name=${IGNORES_PROMISES}] > :function[async=true]`, message: FORGOTTEN },
  {
    selector: `CallExpression[callee.property.name=${IGNORES_PROMISES}] > :function[async=true]`,
    message: FORGOTTEN,
  },
];

/** Reading process.env; setting it, as one does with TZ, is no reading. */
export const noEnvironment = [
  {
    selector:
      "MemberExpression[object.type='MemberExpression'][object.object.name='process'][object.property.name='env']:not(AssignmentExpression > .left)",
    message: 'Settings are read in config/environment only.',
  },
];

/** What would make the domain depend on when and where it runs. */
export const noOwnClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The domain has no clock of its own: take the time as a parameter.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'The domain has no clock of its own: take the time as a parameter.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'The domain rolls no dice: take random values as a parameter.',
  },
  { selector: "Identifier[name='process']", message: 'The domain knows no process.' },
];
