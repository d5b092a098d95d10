import { latin1, quote, utf8 } from "./latin1.ts";
import { type Found, findPattern, type OnReplaced, type Replacement } from "./replacer.ts";
import { shortestValue, valueForms } from "./value-forms.ts";

type Variables = Readonly<Record<string, string>>;

/** A pattern can't be as long as a value: by so many characters of its beginning it is looked for. */
const headLength = 32;

/** What stands in the place of a variable's value. */
export function valueMark(name: string, onReplaced: OnReplaced): string {
  onReplaced(`the value of ${name}`);
  return `[value of ${name}]`;
}

/** Replaces values wherever they are, in all their forms. */
export function values(variables: Variables, onReplaced: OnReplaced): Replacement | undefined {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(variables))
    if (Buffer.byteLength(value) >= shortestValue)
      for (const form of valueForms(value)) names.set(latin1(form), name);
  if (names.size === 0) return undefined;
  // Of those that begin alike the longest counts.
  const texts = [...names.keys()].sort((a, b) => b.length - a.length);
  const heads = new RegExp(
    [...new Set(texts.map((text) => quote(text.slice(0, headLength))))].join("|"),
    "g",
  );
  const found = (index: number, length: number, text: string): Found => ({
    index,
    length,
    replace: () => latin1(valueMark(names.get(text) ?? "", onReplaced)),
  });
  return {
    find: (all, from) => {
      heads.lastIndex = from;
      for (let head = heads.exec(all); head; head = heads.exec(all)) {
        const { index } = head;
        const text = texts.find((one) => all.startsWith(one, index));
        if (text !== undefined) return found(index, text.length, text);
        heads.lastIndex = index + 1;
      }
      return undefined;
    },
    reach: Math.max(...texts.map(({ length }) => length)),
    findCut: (all) => {
      const cuts = texts.map((text) => ({ text, length: beginningAtEnd(text, all) }));
      const { text, length } = cuts.reduce((longest, cut) => (cut.length > longest.length ? cut : longest));
      return length < shortestValue ? undefined : found(all.length - length, length, text);
    },
  };
}

/** How much of the beginning of a text is at the end of another one, short of all of it. */
function beginningAtEnd(text: string, end: string): number {
  let length = Math.min(text.length - 1, end.length);
  while (length >= shortestValue && !end.endsWith(text.slice(0, length))) length--;
  return length;
}

/** Replaces values that are too short to be looked for on their own: behind their names, as in NAME=on and "NAME": "on". */
export function shortValues(variables: Variables, onReplaced: OnReplaced): Replacement | undefined {
  const short = new Map(
    Object.entries(variables)
      .filter(([, value]) => value !== "" && Buffer.byteLength(value) < shortestValue)
      .map(([name, value]) => [latin1(name), latin1(value)]),
  );
  if (short.size === 0) return undefined;
  const oneOf = (texts: Iterable<string>) => [...texts].map(quote).join("|");
  const source = `(?<!\\w)(${oneOf(short.keys())})(=["']?|": ?")(${oneOf(short.values())})(?!\\w)`;
  return {
    find: findPattern(new RegExp(source, "g"), ([text, name = "", between = "", value]) =>
      short.get(name) === value ? name + between + latin1(valueMark(utf8(name), onReplaced)) : text,
    ),
    reach: Math.max(...[...short.keys()].map(({ length }) => length)) + shortestValue * 2,
  };
}
