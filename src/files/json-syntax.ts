/** Matches one token at the position it is tried at. */
const token =
  /[{}[\],:]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

interface Token {
  readonly text: string;
  readonly offset: number;
}

/** Thrown inside this file only, with the offset that stopped the scan. */
class Stop extends Error {
  readonly offset: number;
  constructor(offset: number) {
    super('not JSON');
    this.offset = offset;
  }
}

function tokens(text: string): () => Token {
  let position = 0;
  return () => {
    while (' \t\n\r'.includes(text.charAt(position) || 'x')) position++;
    token.lastIndex = position;
    const match = token.exec(text);
    if (!match) {
      if (position >= text.length) return { text: '', offset: text.length };
      throw new Stop(position);
    }
    const found = { text: match[0], offset: position };
    position += match[0].length;
    return found;
  };
}

function scanValue(first: Token, next: () => Token): void {
  if (first.text === '{') scanMembers('}', next);
  else if (first.text === '[') scanMembers(']', next);
  else if (first.text === '' || '}],:'.includes(first.text)) throw new Stop(first.offset);
}

function scanMembers(close: '}' | ']', next: () => Token): void {
  let at = next();
  if (at.text === close) return;
  for (;;) {
    if (close === '}') {
      if (!at.text.startsWith('"')) throw new Stop(at.offset);
      const colon = next();
      if (colon.text !== ':') throw new Stop(colon.offset);
      at = next();
    }
    scanValue(at, next);
    const separator = next();
    if (separator.text === close) return;
    if (separator.text !== ',') throw new Stop(separator.offset);
    at = next();
  }
}

/**
 * The offset of the first character that keeps a text from being JSON (RFC 8259); the length of the
 * text where it ends too early or is JSON. `JSON.parse` names a position in some messages only.
 */
export function jsonErrorOffset(text: string): number {
  const next = tokens(text);
  try {
    scanValue(next(), next);
    return next().offset;
  } catch (error) {
    if (error instanceof Stop) return error.offset;
    throw error;
  }
}
