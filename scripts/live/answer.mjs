// What became of a question. One that was not answered is never a pass: it says `not asked`, or `denied`.

const answer = kind => text => ({ kind, text });
export const asDocumented = answer('as documented');
export const differs = answer('differs');
/** Where no document says what to expect. */
export const found = answer('found');
export const notAsked = answer('not asked');
export const denied = answer('denied');

/** `Name: message` of an error, on one line. */
export const describe = ({ name, message }) => `${name}: ${message}`.replace(/\s+/g, ' ');

const DENIALS = /AccessDenied|UnauthorizedOperation|NotAuthorized|^Forbidden$|^403$/;
export const isDenial = ({ name = '', $metadata }) => DENIALS.test(name) || $metadata?.httpStatusCode === 403;

/** Whether the service said no, so that nothing came of the call; a broken connection or an answer of 5xx says nothing. */
export function isRefusal({ $fault, $metadata }) {
  const status = $metadata?.httpStatusCode;
  return status === undefined ? $fault === 'client' : status >= 400 && status < 500 && status !== 408;
}

/** Whether nothing can have come of a call that was to make something: a first attempt whose answer was lost may have made it. */
export const madeNothing = error => isRefusal(error) && error.$metadata?.attempts === 1;

/** The error with which a call is refused; undefined if it is not. Any other failure is thrown. */
export async function refusalOf(call) {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error;
  }
}

/** What a call gave that should be refused in one way. A refusal for want of rights, where that is not the way, is no answer. */
export function judgeRefusal(refusal, pattern, taken) {
  if (refusal === undefined) return differs(taken);
  if (pattern.test(refusal.name)) return asDocumented(describe(refusal));
  if (isDenial(refusal)) throw refusal;
  return differs(describe(refusal));
}

/** What a call gave of which nobody says whether it is refused. */
export function tellOutcome(refusal, taken) {
  if (refusal !== undefined && isDenial(refusal)) throw refusal;
  return found(refusal === undefined ? taken : describe(refusal));
}

/** Asks a question, and takes a failure for what it is: no answer. */
export async function ask(question, scene) {
  const missing = question.needs?.filter(need => scene.has[need] === undefined) ?? [];
  if (missing.length > 0) return notAsked(`there is no ${missing.join(', no ')}`);
  try {
    return await question.ask(scene);
  } catch (error) {
    if (scene.signal.aborted) throw error;
    return isDenial(error) ? denied(describe(error)) : notAsked(`the call failed: ${describe(error)}`);
  }
}

const cell = text => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 300);

/** Questions with what is documented and what was answered, as a table of Markdown. */
export function toTable(questions, answers) {
  const lines = questions.map(question => {
    const { kind, text } = answers.get(question) ?? notAsked('the run ended before');
    return `| ${cell(question.about)} | ${cell(question.documented)} | **${kind}**: ${cell(text)} |`;
  });
  return ['| question | documented | found |', '| --- | --- | --- |', ...lines].join('\n');
}
