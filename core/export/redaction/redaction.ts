import { latin1, utf8 } from "./byte-text.ts";
import { credentials } from "./credential-patterns.ts";
import { homeFolders, userName } from "./home-and-user.ts";
import type { Secrets } from "./own-secrets.ts";
import {
  createReplacer,
  type OnReplaced,
  type Replacement,
  type Replacer,
  replaceInPieces,
} from "./replacer.ts";
import { shortVariableValues, variableValues } from "./variable-values.ts";

/** Removes secrets from texts and bytes, and counts them. */
export interface Redaction {
  /** The number of replacements of each thing. */
  readonly counts: ReadonlyMap<string, number>;
  readonly onReplaced: (what: string) => void;
  text(text: string): string;
  /** Takes them out of texts that follow each other, also those that are in several of them. */
  texts(texts: readonly string[]): readonly string[];
  /** @param isCut they are only the beginning of something */
  bytes(bytes: Buffer, isCut: boolean): Buffer;
  /** Takes them out of bytes that come in pieces; in memory is never more than a piece, and the longest secret. */
  stream(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void>;
}

export function createRedaction(secrets: Secrets): Redaction {
  const counts = new Map<string, number>();
  const onReplaced = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const replacements = replacementsOf(secrets, onReplaced);
  const inOne = replacements.map(createReplacer);
  const redact = (bytes: string, isCut: boolean) =>
    inOne.reduce((rest, replacer) => replacer.push(rest) + replacer.end(isCut), bytes);
  return {
    counts,
    onReplaced,
    text: (text) => utf8(redact(latin1(text), false)),
    texts: (texts) => replacements.reduce(replaceInPieces, texts.map(latin1)).map(utf8),
    bytes: (bytes, isCut) => Buffer.from(redact(bytes.toString("latin1"), isCut), "latin1"),
    async *stream(pieces) {
      const chain = replacements.map(createReplacer);
      for await (const piece of pieces) yield* asBytes(push(chain, piece.toString("latin1")));
      // The rest that one replacer gives at its end goes through the next ones, before their own ends.
      for (const [at, replacer] of chain.entries())
        yield* asBytes(push(chain.slice(at + 1), replacer.end(true)));
    },
  };
}

/** Replaces all secrets, one kind after another. */
function replacementsOf(secrets: Secrets, onReplaced: OnReplaced): readonly Replacement[] {
  return [
    variableValues(secrets.variables, onReplaced),
    shortVariableValues(secrets.variables, onReplaced),
    credentials(onReplaced),
    homeFolders(secrets, onReplaced),
    userName(secrets, onReplaced),
  ].filter((replacement) => replacement !== undefined);
}

function push(chain: readonly Replacer[], piece: string): string {
  return chain.reduce((rest, replacer) => replacer.push(rest), piece);
}

function* asBytes(text: string): Generator<Buffer, void, void> {
  if (text.length > 0) yield Buffer.from(text, "latin1");
}
