/** A source text with its comments blanked, and another one with the contents of its strings blanked too. */
export interface Stripped {
  readonly withoutComments: string;
  readonly code: string;
}

const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\n]|=>|\breturn|\bcase|\btypeof)\s*$/;

/**
 * Blanks with spaces, so that offsets and lines stay as they were. Knows quotes, templates with their `${}`, comments
 * and regular expressions; the last by what stands before the slash, which is right for code that is formatted.
 */
export function strip(text: string): Stripped {
  const code = [...text];
  const plain = [...text];
  const blank = (from: number, to: number, both: boolean) => {
    for (let i = from; i < to; i++) {
      if (text[i] === '\n') continue;
      code[i] = ' ';
      if (both) plain[i] = ' ';
    }
  };

  const template: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const one = text.charAt(at);
    const inTemplate = one === '}' && template.at(-1) === depth;
    let end = at + 1;
    if (two === '//' || two === '/*') {
      end = two === '//' ? lineEnd(text, at) : after(text, '*/', at + 2);
      blank(at, end, true);
    } else if (one === "'" || one === '"') {
      end = closing(text, at, one);
      blank(at + 1, end - 1, false);
    } else if (one === '`' || inTemplate) {
      if (inTemplate) template.pop();
      end = templateEnd(text, at + 1);
      blank(at + 1, end - 1, false);
      if (text.charAt(end - 1) === '{') template.push(depth);
    } else if (one === '/' && BEFORE_REGEX.test(text.slice(Math.max(0, at - 40), at))) {
      end = regexEnd(text, at);
      blank(at + 1, end - 1, false);
    } else if (one === '{') depth++;
    else if (one === '}') depth--;
    at = end;
  }
  return { withoutComments: plain.join(''), code: code.join('') };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function after(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found + what.length;
}

function closing(text: string, from: number, quote: string): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote || text[i] === '\n') return i + 1;
  }
  return text.length;
}

/** Just behind the closing backtick, or behind the brace of the next `${`. */
function templateEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '`') return i + 1;
    else if (text[i] === '$' && text[i + 1] === '{') return i + 2;
  }
  return text.length;
}

function regexEnd(text: string, from: number): number {
  let inClass = false;
  for (let i = from + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i + 1;
  }
  return from + 1;
}
