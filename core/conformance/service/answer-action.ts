import type { SeenResponse } from "./service-client.ts";
import { type AskForAction, unlessEmpty } from "./service-rule.ts";

/** The header of a listing. */
export const json = { "Content-Type": "application/json" };
/** A listing of one file. */
export const listing = JSON.stringify({ files: ["/conformance/file"], notFound: false });
/** The service has noticed a lost connection by then, and has answered what it answers at once. Milliseconds. */
export const noticeTime = 250;

/** Has an action answered, and compares what the service made of it. */
export async function answered(
  ask: AskForAction,
  type: Parameters<AskForAction>[0],
  answer: () => Promise<SeenResponse>,
  expected: string,
): Promise<string | undefined> {
  const asked = ask(type).catch((error) => `the error ${error.message}`);
  const violation = unlessEmpty(await answer());
  if (violation !== undefined) return violation;
  const got = await asked;
  return got.includes(expected) ? undefined : `the service took it for ${JSON.stringify(got)}`;
}
