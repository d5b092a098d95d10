import { escapePattern, latin1, utf8 } from "./byte-text.ts";
import { encodedForms } from "./encodings.ts";
import { type Form, headPattern, longestText, matchForm } from "./form-matcher.ts";
import { type Found, findPattern, type OnReplaced, type Replacement } from "./replacer.ts";

type Variables = Readonly<Record<string, string>>;

/** The shortest value, in bytes, that is searched for everywhere: shorter ones, as "on", would be found too often. */
const shortestValue = 4;
/** The number of first tokens by which forms are found; the beginning of one counts from there. */
const headTokens = 4;

/** The mark that replaces a variable's value. */
export function valueMark(name: string, onReplaced: OnReplaced): string {
  onReplaced(`the value of ${name}`);
  return `[value of ${name}]`;
}

interface NamedForm {
  readonly name: string;
  readonly form: Form;
}

/** Replaces the values of variables wherever they are, in all their forms. */
export function variableValues(variables: Variables, onReplaced: OnReplaced): Replacement | undefined {
  const forms: readonly NamedForm[] = Object.entries(variables)
    .filter(([, value]) => Buffer.byteLength(value) >= shortestValue)
    .flatMap(([name, value]) => encodedForms(value).map((form) => ({ name, form })));
  if (forms.length === 0) return undefined;
  const heads = new RegExp(
    [...new Set(forms.map(({ form }) => headPattern(form, headTokens)))].join("|"),
    "g",
  );
  const found = (index: number, end: number, name: string): Found => ({
    index,
    length: end - index,
    replace: () => latin1(valueMark(name, onReplaced)),
  });
  /** The first place from one on where something is found. */
  const findFirst = (text: string, from: number, find: (index: number) => Found | undefined) => {
    heads.lastIndex = from;
    for (let head = heads.exec(text); head; head = heads.exec(text)) {
      const here = find(head.index);
      if (here) return here;
      heads.lastIndex = head.index + 1;
    }
    return undefined;
  };
  return {
    find: (text, from) =>
      findFirst(text, from, (index) => {
        // Of those that begin alike the longest counts.
        let longest: Found | undefined;
        for (const { name, form } of forms) {
          const { end } = matchForm(form, text, index);
          if (end !== undefined && end - index > (longest?.length ?? 0)) longest = found(index, end, name);
        }
        return longest;
      }),
    reach: Math.max(...forms.map(({ form }) => longestText(form))),
    findCut: (text) =>
      findFirst(text, 0, (index) => {
        const cut = forms.find(({ form }) => matchForm(form, text, index).isCut);
        return cut && found(index, text.length, cut.name);
      }),
  };
}

/** Replaces values that are too short to be looked for on their own: behind their names, as in NAME=on and "NAME": "on". */
export function shortVariableValues(variables: Variables, onReplaced: OnReplaced): Replacement | undefined {
  const short = new Map(
    Object.entries(variables)
      .filter(([, value]) => value !== "" && Buffer.byteLength(value) < shortestValue)
      .map(([name, value]) => [latin1(name), latin1(value)]),
  );
  if (short.size === 0) return undefined;
  const oneOf = (texts: Iterable<string>) => [...texts].map(escapePattern).join("|");
  const source = `(?<!\\w)(${oneOf(short.keys())})(=["']?|": ?")(${oneOf(short.values())})(?!\\w)`;
  return {
    find: findPattern(new RegExp(source, "g"), ([text, name = "", between = "", value]) =>
      short.get(name) === value ? name + between + latin1(valueMark(utf8(name), onReplaced)) : text,
    ),
    reach: Math.max(...[...short.keys()].map(({ length }) => length)) + shortestValue * 2,
  };
}
