import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What `circleci env subst` makes of a text. It is a thin cover of github.com/a8m/envsubst, whose results for odd texts follow from how
// it cuts them into tokens; those are the same here, as test/orb/env-subst.test.ts shows with results taken from the library itself.

const isWord = character => character !== undefined && /[_\p{L}\p{Nd}]/u.test(character);
const isEnd = character => character === undefined || character === '\r' || character === '\n';

/** Cuts a text into tokens of the types text, variable, open, close and the operators. */
function tokenize(text) {
  const characters = Array.from(text);
  const tokens = [];
  let [from, at, latest, depth] = [0, 0, 0, 0];

  function emit(type) {
    tokens.push({ type, text: characters.slice(from, at).join('') });
    latest = from;
    from = at;
  }
  function plain() {
    while (at < characters.length) {
      if (characters[at] !== '$') {
        at += 1;
        continue;
      }
      if (at > from) emit('text');
      at += 1;
      if (characters[at] === '$') {
        from = at;
        at += 1;
        emit('text');
      } else if (characters[at] === '{') {
        at += 1;
        depth += 1;
        emit('open');
        return operator;
      } else if (isWord(characters[at])) return variable;
    }
    if (at > from) emit('text');
    return undefined;
  }
  function variable() {
    while (isWord(characters[at])) at += 1;
    if (/^\$?_$/.test(characters.slice(from, at).join(''))) return plain;
    emit('variable');
    return depth > 0 ? operator : plain;
  }
  // What both states inside of braces do first. A name counts as one only right behind the opening.
  function take() {
    const character = characters[at];
    if (isEnd(character)) throw new Error('closing brace expected');
    at += 1;
    if (character === '}') {
      depth -= 1;
      emit('close');
      return { next: plain };
    }
    const opened = characters[latest] === '$' && characters[latest + 1] === '{';
    return { character, next: isWord(character) && opened ? variable : undefined };
  }
  function operator() {
    const { character, next } = take();
    if (next !== undefined) return next;
    if ('+-='.includes(character)) emit(character);
    if (character !== ':') return inside;
    const second = characters[at] ?? '';
    at += second === '' ? 0 : 1;
    if (['-', '=', '+'].includes(second)) emit(`:${second}`);
    return inside;
  }
  function inside() {
    const { character, next } = take();
    if (next !== undefined) return next;
    if (character === '$') return variable;
    emit('text');
    return inside;
  }

  for (let state = plain; state !== undefined; ) state = state();
  return tokens;
}

/** The value of one `${…}` whose tokens, without the opening, come out of `next`. */
function expand(next, env) {
  const variable = env.get(next().text);
  let [operator, other] = ['', undefined];
  for (let token = next(); token.type !== 'close'; token = next()) {
    if (token.type === 'variable') other = env.get(token.text.replace(/^\$/, '')) ?? '';
    else if (token.type !== 'text') operator = token.type;
    else {
      other = '';
      for (; token.type !== 'close'; token = next()) other += token.text;
      break;
    }
  }
  if (other === undefined || operator === '') return variable ?? '';
  if (operator === ':-' || operator === ':=') return variable || other;
  if (operator.endsWith('+')) return variable === undefined ? '' : other;
  return variable ?? other;
}

/**
 * `text` with `$NAME`, `${NAME}` and `${NAME:-default}` replaced out of `variables`; what is not set is empty, `$$` is one `$`.
 *
 * Throws where braces are not closed.
 */
export function substituteVariables(text, variables) {
  const env = new Map(Object.entries(variables));
  const tokens = tokenize(text);
  let [result, at] = ['', 0];
  const next = () => {
    const token = tokens[at];
    at += 1;
    // The library waits for ever here, after `${NAME:-$_}`.
    if (token === undefined) throw new Error('closing brace expected');
    return token;
  };
  while (at < tokens.length) {
    const token = next();
    if (token.type === 'variable') result += env.get(token.text.replace(/^\$/, '')) ?? '';
    else if (token.type === 'open' && tokens[at]?.type === 'variable') result += expand(next, env);
    else result += token.text;
  }
  return result;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(substituteVariables(process.argv[2] ?? readFileSync(0, 'utf8'), process.env));
  } catch (error) {
    process.stderr.write(`Error: ${error.message}\n`);
    process.exitCode = 1;
  }
}
